"""The soft edges where the light of two projectors overlaps."""

from __future__ import annotations

import numpy as np

from engine.packets import F32

GAMMA = 2.2
"""Of the projector: its light grows with this power of the numbers that it is given."""


def ramp(places: F32) -> F32:
    """Return the factors on a picture's numbers across a soft edge, of the shape of `places`.

    places: in [0, 1], 0 at the very edge. What two screens that meet there give together is, as
    light, the same everywhere: light at p and at 1 - p adds up to one.
    """
    inside = np.clip(places, 0.0, 1.0)
    light = inside * inside * (3.0 - 2.0 * inside)
    return (light ** (1.0 / GAMMA)).astype(np.float32)
