"""What falls: layers of light that move over a picture and come in again at the other side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.packets import U8

I16 = NDArray[np.int16]


def add_wrapped(light: I16, layer: I16, times: int, down: int, right: int) -> None:
    """Add a layer (h, w), moved and turned over at the edges; np.roll would copy it twice more."""
    height, width = light.shape
    down, right = down % height, right % width
    for into, out in ((slice(down, None), slice(height - down)),
                      (slice(down), slice(height - down, None))):  # fmt: skip
        light[into, right:] += layer[out, : width - right] * times
        light[into, :right] += layer[out, width - right :] * times


def lighten(picture: U8, light: I16) -> U8:
    """A picture (h, w, 3), brighter by so many levels (h, w) in each channel."""
    lit = np.empty(picture.shape, np.int16)
    for channel in range(3):
        lit[..., channel] = light
    lit += picture
    return np.clip(lit, 0, 255, out=lit).astype(np.uint8)
