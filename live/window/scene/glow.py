"""The two soft masks over the scene in the QPainter view: the vignette and the bloom."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PyQt6.QtGui import QImage

from live.compose.breathing import REACH, SPREAD
from live.compose.light import BREATH

VIGNETTE = 0.24
"""Share of the light that the corners lose; the shader of the OpenGL view has the same."""
BLOOM = 0.30
"""Share of the missing light that a full flash adds in the centre."""
BLOOM_COLOUR = (255, 246, 228)
BREATH_PIXELS = 128
SIZE = (270, 480)
"""Height and width of the masks, scaled to any window."""


def vignette() -> QImage:
    """Return a black picture whose alpha grows towards the corners, to be drawn over."""
    strength = np.clip(_distance() - 0.42, 0.0, None) / 0.58
    return _premultiplied((0, 0, 0), VIGNETTE * strength**1.6)


def bloom() -> QImage:
    """Return a warm light around the centre, to be screened."""
    return _premultiplied(BLOOM_COLOUR, BLOOM * np.exp(-2.6 * _distance() ** 2))


@lru_cache(maxsize=16)
def breath_glow(colour: tuple[float, float, float]) -> QImage:
    """Return the light of a full breath, to be screened as far as it reaches."""
    along = np.linspace(-REACH, REACH, BREATH_PIXELS)
    falloff = np.exp(-SPREAD * along**2)
    red, green, blue = (round(255 * value) for value in colour)
    return _premultiplied((red, green, blue), BREATH * np.outer(falloff, falloff))


def _distance() -> np.ndarray:
    """Return each pixel's distance from the centre; 1 in the corners."""
    height, width = SIZE
    y = np.linspace(-1.0, 1.0, height)[:, None]
    x = np.linspace(-1.0, 1.0, width)[None, :]
    return np.sqrt((x * x + y * y) / 2.0)


def _premultiplied(colour: tuple[int, int, int], alpha: np.ndarray) -> QImage:
    # A little noise before rounding keeps eight bits of alpha from showing as rings.
    noise = np.random.default_rng(0).random(alpha.shape)
    levels = np.floor(alpha * 255.0 + noise).clip(0, 255)
    levels[alpha <= 0.0] = 0.0
    pixels = np.empty((*alpha.shape, 4), np.uint8)
    for channel, value in enumerate((*reversed(colour), 255)):
        pixels[..., channel] = levels * value / 255.0
    height, width = alpha.shape
    image = QImage(
        pixels.tobytes(), width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied
    )
    return image.copy()
