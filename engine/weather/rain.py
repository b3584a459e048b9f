"""Rain that falls over a picture, drop by drop.

Few-step generators at these sizes paint the light and the haze of rain, but neither thin streaks
nor how they fall; both are drawn here, over what they painted. Each streak is bright on one side
and dark on the other, so that it stands out from a pale sky and from dark ground alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.packets import F32, U8
from engine.weather.falling import I16, add_wrapped, lighten

SLANT = 0.16
"""Pixels to the left for each one down."""
STRENGTH = 55.0
"""Levels of 255 that a whole streak brightens by at most."""
_FINE, _SHARE = 4, 32
"""Whole numbers are counted in: of a level, and of a layer's share. All layers at their most stay
under 2 ** 15."""
_DRAWN_AT = 288.0
"""Shorter side in pixels that the layers are meant at; others are scaled."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """Streaks at one distance."""

    per_kilopixel: float
    length: float
    width: float
    speed: float
    """Shorter sides of the picture a second: calm, and never so fast that it seems to flicker."""


_FAR = _Layer(2.9, 9.0, 0.7, 0.45)
_MIDDLE = _Layer(1.0, 20.0, 0.85, 0.8)
_NEAR = _Layer(0.25, 44.0, 1.2, 1.3)
_LAYERS = (_FAR, _MIDDLE, _NEAR)


def draw_rain(picture: U8, amount: float, moment_s: float) -> U8:
    """A picture (h, w, 3) with rain over it; the same for the same moment.

    amount: in [0, 1], a drizzle of far streaks to a downpour with near ones; too little for any
    streak to show gives the picture itself. moment_s: of any clock that goes on evenly.
    """
    if amount <= 0.0:
        return picture
    height, width = picture.shape[:2]
    # Smooth at nothing: rain sets in and ceases.
    shares = 0.65 * amount / (amount + 0.2), 1.6 * amount / (amount + 0.6), 1.1 * amount * amount
    times = [round(_SHARE * share) for share in shares]
    if not any(times):
        return picture
    light = np.zeros((height, width), np.int16)
    for streaks, layer, often in zip(_draw_streaks(height, width), _LAYERS, times, strict=True):
        if often:
            fallen = layer.speed * min(height, width) * moment_s
            add_wrapped(light, streaks, often, int(fallen), int(-SLANT * fallen))
    light //= _FINE * _SHARE
    return lighten(picture, light)


@lru_cache(maxsize=8)
def _draw_streaks(height: int, width: int) -> tuple[I16, ...]:
    """(h, w) per layer: what a pixel brightens by, times _FINE.

    Goes on over each edge at the opposite one.
    """
    rng = np.random.default_rng(0)
    drawn = (_draw_layer(layer, height, width, rng) for layer in _LAYERS)
    return tuple(
        np.rint(_FINE * np.clip(each, -STRENGTH, STRENGTH)).astype(np.int16) for each in drawn
    )


def _draw_layer(layer: _Layer, height: int, width: int, rng: np.random.Generator) -> F32:
    scale = min(height, width) / _DRAWN_AT
    count = max(1, round(layer.per_kilopixel * width * height / scale**2 / 1000))
    thick = max(0.6, layer.width * scale)
    across = np.arange(-int(3 * thick) - 1, int(4 * thick) + 2)
    lengths = np.maximum(2, np.rint(layer.length * scale * rng.uniform(0.6, 1.3, count)))[:, None]
    down = np.arange(int(lengths.max()))  # of each streak its own length shows
    along = down / (lengths - 1)
    x = rng.uniform(0, width, (count, 1)) - SLANT * down
    columns = np.floor(x)[..., None].astype(int) + across
    off = (columns - x[..., None]) / thick
    side = np.exp(-(off**2)) - 0.7 * np.exp(-((off - 1.8) ** 2))
    strength = np.clip(np.minimum(3 * along, 6 * (1 - along)), 0, 1)
    strength *= STRENGTH * rng.uniform(0.5, 1.0, (count, 1))
    rows = (rng.integers(height, size=(count, 1)) + down)[..., None] % height
    pixels = (rows * width + columns % width).ravel()
    light = np.bincount(pixels, (strength[..., None] * side).ravel(), height * width)
    return light.reshape(height, width).astype(np.float32)
