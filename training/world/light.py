"""The lights a scene can stand in: one palette each, so that every picture holds together."""

from __future__ import annotations

from dataclasses import dataclass

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Light:
    """One time of day or weather, as colours (sRGB, 0 to 255)."""

    name: str
    sky: tuple[Rgb, Rgb, Rgb]
    """Zenith, middle, horizon."""
    ground: tuple[Rgb, Rgb]
    """Farthest and nearest hill."""
    sea: tuple[Rgb, Rgb]
    """Water at the horizon and at the viewer's feet."""
    tree: Rgb
    body: Rgb
    """Sun or moon."""
    ambient: tuple[float, float, float]
    """Multiplies the colours of everything that is lit."""
    stars: float
    """Share of the stars that can be seen, in [0, 1]."""
    cloud: Rgb
    body_size: float
    """Radius of sun or moon over picture height; 0 when hidden."""


LIGHTS = {
    light.name: light
    for light in (
        Light(
            "dawn",
            ((112, 132, 196), (236, 176, 178), (255, 222, 178)),
            ((190, 160, 168), (86, 104, 88)),
            ((238, 190, 170), (92, 110, 140)),
            (82, 92, 92),
            (255, 246, 220),
            (1.0, 0.90, 0.86),
            0.0,
            (255, 226, 214),
            0.085,
        ),
        Light(
            "day",
            ((74, 150, 222), (142, 200, 238), (222, 242, 246)),
            ((160, 196, 178), (78, 148, 84)),
            ((150, 206, 226), (38, 112, 160)),
            (52, 112, 78),
            (255, 252, 226),
            (1.0, 1.0, 1.0),
            0.0,
            (255, 255, 255),
            0.095,
        ),
        Light(
            "dusk",
            ((72, 44, 112), (226, 96, 92), (255, 188, 110)),
            ((170, 104, 104), (70, 62, 74)),
            ((246, 150, 108), (86, 54, 96)),
            (70, 52, 70),
            (255, 240, 200),
            (1.0, 0.84, 0.76),
            0.0,
            (255, 178, 140),
            0.11,
        ),
        Light(
            "night",
            ((10, 14, 46), (26, 38, 92), (62, 78, 140)),
            ((54, 68, 118), (24, 36, 56)),
            ((56, 74, 134), (14, 22, 54)),
            (18, 28, 52),
            (252, 248, 226),
            (0.66, 0.72, 0.92),
            1.0,
            (70, 84, 136),
            0.085,
        ),
        Light(
            "storm",
            ((44, 50, 66), (84, 94, 112), (136, 146, 156)),
            ((112, 124, 130), (52, 70, 66)),
            ((112, 126, 136), (40, 54, 68)),
            (44, 60, 60),
            (232, 236, 236),
            (0.80, 0.86, 0.90),
            0.0,
            (66, 72, 86),
            0.0,
        ),
        Light(
            "fog",
            ((176, 190, 200), (206, 214, 216), (230, 232, 228)),
            ((202, 210, 210), (132, 152, 146)),
            ((208, 216, 218), (134, 156, 166)),
            (140, 156, 154),
            (255, 255, 250),
            (0.95, 0.97, 0.97),
            0.0,
            (226, 232, 234),
            0.075,
        ),
    )
}
