"""Snow that falls over a picture whose light is that of snow.

The generator paints flakes too, but a steady picture holds them still in the air.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.packets import F32, U8
from engine.weather.falling import I16, add_wrapped, lighten

STRENGTH = 110.0
"""Levels of 255 that the middle of a flake brightens by at most."""
_SHARE = 32
"""Whole numbers are counted in: of a layer's share. All layers at their most stay under 2 ** 15."""
_DRAWN_AT = 288.0
"""Shorter side in pixels that the layers are meant at; others are scaled."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """Flakes at one distance."""

    per_kilopixel: float
    radius: float
    speed: float
    """Shorter sides of the picture a second."""
    sway: float
    """How far the wind takes them to either side, in shorter sides."""
    sway_s: float
    """From one side to the other and back."""


_LAYERS = (
    _Layer(1.1, 1.0, 0.055, 0.010, 7.0),
    _Layer(0.45, 1.6, 0.085, 0.018, 9.0),
    _Layer(0.12, 2.4, 0.125, 0.030, 11.0),
)


def draw_snow(picture: U8, amount: float, moment_s: float) -> U8:
    """A picture (h, w, 3) with snow falling over it; the same for the same moment.

    amount: in [0, 1]; too little for any flake to show gives the picture itself. moment_s: of any
    clock that goes on evenly.
    """
    often = round(_SHARE * min(1.0, amount))
    if often <= 0:
        return picture
    height, width = picture.shape[:2]
    short = min(height, width)
    light = np.zeros((height, width), np.int16)
    for flakes, layer in zip(_draw_flakes(height, width), _LAYERS, strict=True):
        aside = layer.sway * math.sin(2 * math.pi * moment_s / layer.sway_s)
        add_wrapped(
            light, flakes, often, int(layer.speed * short * moment_s), round(aside * short)
        )
    light //= _SHARE
    return lighten(picture, light)


@lru_cache(maxsize=8)
def _draw_flakes(height: int, width: int) -> tuple[I16, ...]:
    """(h, w) per layer: what a pixel brightens by. Goes on over each edge at the opposite one."""
    rng = np.random.default_rng(1)
    drawn = (_draw_layer(layer, height, width, rng) for layer in _LAYERS)
    return tuple(np.rint(np.clip(each, 0, STRENGTH)).astype(np.int16) for each in drawn)


def _draw_layer(layer: _Layer, height: int, width: int, rng: np.random.Generator) -> F32:
    scale = min(height, width) / _DRAWN_AT
    count = max(1, round(layer.per_kilopixel * width * height / scale**2 / 1000))
    x, y = rng.uniform(0, width, (count, 1, 1)), rng.uniform(0, height, (count, 1, 1))
    radius = layer.radius * scale * rng.uniform(0.7, 1.3, (count, 1, 1))
    strength = STRENGTH * rng.uniform(0.55, 1.0, (count, 1, 1))
    reach = np.arange(-math.ceil(3 * layer.radius * scale), math.ceil(3 * layer.radius * scale) + 1)
    columns = np.floor(x).astype(int) + reach[None, None, :]
    rows = np.floor(y).astype(int) + reach[None, :, None]
    soft = strength * np.exp(-(((columns - x) ** 2 + (rows - y) ** 2) / radius**2) ** 2)
    pixels = (rows % height) * width + columns % width
    light = np.bincount(pixels.ravel(), soft.ravel(), height * width)
    return light.reshape(height, width).astype(np.float32)
