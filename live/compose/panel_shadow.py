"""The soft shadow under a panel's caption, on which white words stand out from any picture.

Only the ground by the words is darkened: the rest of the scene stays as it was painted.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.packets import F32
from live.compose.panel_layout import PanelRow

COLOUR = (4, 6, 12)
DEPTH = 0.74
"""Share of the light that is gone behind the words."""
REACH = 0.34
"""How far the shadow runs out on every side, over the side of a panel."""


def shadow_box(row: PanelRow, slot: int) -> tuple[float, float, float, float]:
    """Return (left, top, width, height) of the shadow of the panel in a slot."""
    reach = REACH * row.side
    top = row.top + row.side - reach
    return (
        row.lefts[slot] - reach,
        top,
        row.side + 2 * reach,
        row.bottom + 0.8 * reach - top,
    )


@lru_cache(maxsize=8)
def shadow(width: int, height: int) -> F32:
    """(height, width) darkness in [0, DEPTH]: full in the middle, nothing at the edges."""
    return (DEPTH * np.outer(_falloff(height, 0.42), _falloff(width, 0.3))).astype(np.float32)


def _falloff(count: int, share: float) -> np.ndarray:
    """(count,) from 0 up to 1 over a share of the length at each end, without a corner."""
    at = (np.arange(count) + 0.5) / count
    rise = np.clip(np.minimum(at, 1 - at) / share, 0.0, 1.0)
    return rise * rise * (3 - 2 * rise)
