"""The colours that land and trees have of themselves in each season, before any light."""

from __future__ import annotations

from typing import Any

SEASON_COLOURS: dict[str, dict[str, Any]] = {
    "spring": {
        "grass": (150, 204, 96),
        "field": (196, 222, 118),
        "leaves": ((124, 188, 88), (168, 208, 98), (246, 186, 206)),
        "fir": (66, 132, 92),
        "trunk": (112, 84, 66),
        "flowers": ((255, 255, 250), (252, 206, 88), (246, 160, 188)),
    },
    "summer": {
        "grass": (112, 172, 74),
        "field": (226, 196, 92),
        "leaves": ((62, 134, 70), (88, 156, 74), (118, 172, 80)),
        "fir": (38, 102, 76),
        "trunk": (104, 74, 56),
        "flowers": ((232, 78, 64), (255, 240, 214), (108, 110, 210)),
    },
    "autumn": {
        "grass": (190, 170, 86),
        "field": (214, 152, 72),
        "leaves": ((216, 104, 46), (234, 164, 58), (184, 64, 50)),
        "fir": (62, 98, 76),
        "trunk": (92, 66, 56),
        "flowers": ((206, 96, 60), (236, 186, 90), (160, 84, 104)),
    },
    "winter": {
        "grass": (210, 218, 214),
        "field": (192, 200, 190),
        "leaves": ((150, 130, 124), (168, 150, 140), (132, 116, 118)),
        "fir": (74, 112, 106),
        "trunk": (88, 76, 78),
        "flowers": ((238, 242, 246), (212, 220, 226), (190, 70, 66)),
    },
}
"""sRGB, 0 to 255. The third of spring's leaves is blossom; winter's leaves are bare twigs."""
