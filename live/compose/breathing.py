"""The light over single sources that breathe with their level, in films and snapshots."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.packets import F32, Breath
from live.compose.light import BREATH

SPREAD = 4.0
"""Light falls off with exp(-SPREAD d^2), d being the distance from the middle in whole boxes; the
shader of the OpenGL view has the same."""


REACH = 1.25
"""Boxes from the middle, beyond which it is less than a level."""


def breathe(lit: F32, breath: Breath) -> None:
    """Lighten a picture (h, w, 3) of levels up to 255 in a breath's box, in place."""
    tall, wide = lit.shape[:2]
    x, y, width, height = breath.box
    rows, columns = _reached(tall, y, height), _reached(wide, x, width)
    part = lit[rows, columns]
    if not part.size:
        return
    down = _falloff(tall, y, height)[rows, None, None]
    across = _falloff(wide, x, width)[None, columns, None]
    colour = np.array(breath.colour, np.float32) * np.float32(BREATH * breath.amount)
    part += np.maximum(255.0 - part, 0.0) * (down * across * colour)


def _reached(pixels: int, middle: float, size: float) -> slice:
    first, last = (round((middle + way * REACH * size) * pixels) for way in (-1, 1))
    return slice(max(0, first), max(0, last))


@lru_cache(maxsize=64)
def _falloff(pixels: int, middle: float, size: float) -> F32:
    """(pixels,) light along one side."""
    away = ((np.arange(pixels, dtype=np.float32) + 0.5) / pixels - middle) / max(size, 1e-3)
    return np.exp(-SPREAD * away * away).astype(np.float32)
