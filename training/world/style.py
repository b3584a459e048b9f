"""What a style does to the whole picture: the grain of paper, pigment that flows and dries."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

VARIANTS = 6
"""Sheets of paper that are kept for each size of picture."""

_PAPER = np.array([252.0, 249.0, 241.0], np.float32)


def _noise(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> np.ndarray:
    """Smooth noise with deviation 1."""
    field = gaussian_filter(rng.normal(size=shape), sigma, mode="wrap")
    return (field / field.std()).astype(np.float32)


@lru_cache(maxsize=48)
def _grain(width: int, height: int, variant: int, strength: float) -> np.ndarray:
    """f32 (height, width, 1): what paper fibres multiply the tones by."""
    rng = np.random.default_rng([variant, 1])
    fine = _noise(rng, (height, width), 0.6)
    fibre = gaussian_filter(rng.normal(size=(height, width)), (0.5, 3.0), mode="wrap")
    fibre = fibre + gaussian_filter(rng.normal(size=(height, width)), (3.0, 0.5), mode="wrap")
    broad = _noise(rng, (height, width), 24)
    mixed = 0.6 * fine + 0.8 * fibre / fibre.std() + 0.5 * broad
    return (1 + strength * mixed).astype(np.float32)[:, :, None]


@lru_cache(maxsize=48)
def _wash(width: int, height: int, variant: int) -> tuple[np.ndarray, np.ndarray]:
    """Where pigment lies: i64 (height, width) it flowed from, f32 (height, width, 1) how thick."""
    rng = np.random.default_rng([variant, 2])
    shape = (height, width)
    unit = height / 288
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    shift = 0.9 * unit
    rows_from = rows + shift * _noise(rng, shape, 7 * unit)
    columns_from = columns + shift * _noise(rng, shape, 7 * unit)
    rows_from = np.clip(np.rint(rows_from), 0, height - 1).astype(np.int64)
    columns_from = np.clip(np.rint(columns_from), 0, width - 1).astype(np.int64)
    pools = 0.075 * _noise(rng, shape, 24 * unit) + 0.03 * _noise(rng, shape, 9 * unit)
    grains = 0.018 * _noise(rng, shape, 0.8)
    tooth = _noise(rng, shape, 1.3)
    edge = np.minimum(np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns))
    edge = edge / unit - 9 - 2.6 * _noise(rng, shape, 12 * unit) - 0.9 * tooth
    sheet = np.clip(edge / 5, 0, 1)
    rim = 0.16 * np.exp(-(((edge - 6) / 4) ** 2))  # pigment gathers where the wash ends
    thick = (0.90 + pools + grains + rim) * sheet
    bare = (tooth > 2.2) * 0.3 * (1 - np.clip(edge / 90, 0, 1))
    thick = np.clip(thick * (1 - bare), 0, 1.15)
    return rows_from * width + columns_from, thick.astype(np.float32)[:, :, None]


def finish(picture: np.ndarray, style: str, seed: int) -> np.ndarray:
    """Gives a painted picture the surface of its style.

    Args:
        picture: u8 (height, width, 4), sRGB in Skia's order.
        style: one of `engine.painting.atmosphere.STYLES`.
        seed: picks the sheet of paper.

    Returns:
        u8 (height, width, 3), sRGB.
    """
    height, width = picture.shape[:2]
    variant = seed % VARIANTS
    if style != "watercolour":
        tones = picture[:, :, 2::-1].astype(np.float32)
        tones *= _grain(width, height, variant, 0.014 if style == "papercut" else 0.003)
        return np.clip(tones, 0, 255).astype(np.uint8)
    origin, thick = _wash(width, height, variant)
    flowed = np.ascontiguousarray(picture).view(np.uint32)[:, :, 0].take(origin)
    flowed = flowed.view(np.uint8).reshape(height, width, 4)
    tones = flowed[:, :, 2::-1].astype(np.float32)
    light = tones.mean(-1)
    around = uniform_filter(light, 7)
    dried = np.clip((around - light) / 90, 0, 0.4)[:, :, None]  # wet edges dry darker
    lifted = np.clip((light - around) / 160, 0, 0.15)[:, :, None]
    depth = (_PAPER - tones * (1 - 0.55 * dried)) * (thick * (0.93 - lifted))
    return np.clip(_PAPER - depth, 0, 255).astype(np.uint8)
