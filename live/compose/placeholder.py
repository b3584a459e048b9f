"""The picture shown before the first painted one: a dusk sky, so that no window is ever black."""

from __future__ import annotations

import numpy as np

from engine.packets import U8

_STOPS = (0.0, 0.45, 0.62, 0.64, 1.0)
_COLOURS = ((17, 22, 42), (38, 50, 84), (92, 92, 120), (36, 44, 62), (14, 18, 28))


def placeholder_picture(height: int = 144, width: int = 256) -> U8:
    """Return the (height, width, 3) picture that is shown until the first one is painted."""
    down = np.linspace(0.0, 1.0, height)
    across = np.linspace(0.0, 1.0, width)
    hills = 0.025 * np.sin(5.1 * across + 0.6) + 0.012 * np.sin(13.7 * across)
    place = down[:, None] + hills[None, :]
    bands = [np.interp(place, _STOPS, [c[i] for c in _COLOURS]) for i in range(3)]
    return np.stack(bands, axis=-1).round().astype(np.uint8)
