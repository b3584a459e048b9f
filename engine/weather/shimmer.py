"""What a sound looks like that has no name: light that ripples over the place.

No subject is painted for it. Its loudness is how much light there is, its brightness whether that
is amber or silver.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.packets import F32, U8

STRENGTH = 78.0
"""Levels of 255 that the crest of a ripple brightens by at most."""
AMBER, SILVER = (1.0, 0.66, 0.28), (0.78, 0.92, 1.0)
"""Red, green and blue of the light of the darkest and of the brightest sound."""
_WAVES = (
    # cycles across and down the shorter side, and a second, and how far they bend the next
    (1.3, 2.2, 0.050, 0.30),
    (-1.9, 1.4, 0.070, 0.22),
    (0.7, -2.9, 0.043, 0.18),
    (2.6, 0.9, 0.081, 0.0),
)
_PACE = 0.4
"""Not the sound's: the pattern would leap wherever that changes."""
_COARSE = 3
"""Ripples are soft: they are computed at so many pixels' distance."""


def draw_shimmer(picture: U8, amount: float, brightness: float, moment_s: float) -> U8:
    """A picture (h, w, 3) with light rippling over it; the same for the same moment.

    amount, brightness: in [0, 1]; of no amount it is the picture itself. moment_s: of any clock
    that goes on evenly.
    """
    if amount <= 0.0:
        return picture
    height, width = picture.shape[:2]
    ripples = _ripples(height, width, _PACE * moment_s)
    light = (STRENGTH * amount) * _stretch(_stretch(ripples, height).T, width).T
    lit = np.empty(picture.shape, np.uint8)
    for channel, (dark, bright) in enumerate(zip(AMBER, SILVER, strict=True)):
        shine = (light * (dark + (bright - dark) * brightness) + 0.5).astype(np.uint8)
        # what would pass white stays there
        np.add(picture[..., channel], np.minimum(shine, 255 - picture[..., channel]),
               out=lit[..., channel])  # fmt: skip
    return lit


def _ripples(height: int, width: int, moment: float) -> F32:
    """(h', w') in [0, 1], coarse: thin bright lines between wide dark cells, as on a pool's floor.

    Each wave bends the next, so that no line is straight and none comes back soon.
    """
    y, x = _grid(height, width)
    bend = np.zeros_like(x)
    total = np.zeros_like(x)
    for right, below, turns, bends in _WAVES:
        # whole turns are left out, or the days of a show would eat the digits
        wave = np.sin(2 * np.pi * (right * x + below * y + turns * moment % 1.0) + bend)
        bend = bend + 2 * np.pi * bends * wave
        total += 1 - np.abs(wave)
    return np.asarray(np.square(np.square(total / len(_WAVES))) * 1.6, np.float32)


@lru_cache(maxsize=8)
def _grid(height: int, width: int) -> tuple[F32, F32]:
    """y and x of the coarse points, each (h', w'), in shorter sides of the picture."""
    short = min(height, width)
    y, x = (np.arange(side // _COARSE + 2, dtype=np.float32) * _COARSE / short
            for side in (height, width))  # fmt: skip
    return (
        np.tile(y[:, None], (1, x.size)).astype(np.float32),
        np.tile(x, (y.size, 1)).astype(np.float32),
    )


def _stretch(coarse: F32, side: int) -> F32:
    """(coarse, n) to (side, n): linearly between the points that are known."""
    at = np.arange(side, dtype=np.float32)[:, None] / _COARSE
    low = at[:, 0].astype(int)
    share = at - low[:, None]
    # not as a product of matrices, whose threads would wait for a busy machine's
    return np.asarray(coarse[low] * (1 - share) + coarse[low + 1] * share, np.float32)
