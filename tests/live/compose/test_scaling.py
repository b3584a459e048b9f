"""A scene as large as the frame: what Pillow makes of the same part of it, at every zoom."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.packets import U8
from engine.painting.crop import cover
from live.compose.scaling import Scaler


@pytest.fixture(scope="module")
def scene() -> U8:
    """Soft colours with a hard edge, as scenes have."""
    noise = np.random.default_rng(3).integers(0, 256, (9, 16, 3), np.uint8)
    made = np.array(Image.fromarray(noise).resize((256, 144), Image.Resampling.BICUBIC))
    made[100:, 60:90] = (250, 30, 40)
    return made


def by_pillow(scene: U8, width: int, height: int, zoom: float) -> U8:
    tall, wide = scene.shape[:2]
    part = cover(wide / tall, width / height, zoom)
    box = (part.x * wide, part.y * tall)
    end = (box[0] + part.width * wide, box[1] + part.height * tall)
    size = (width, height)
    return np.asarray(Image.fromarray(scene).resize(size, Image.Resampling.BICUBIC, (*box, *end)))


@pytest.mark.parametrize("size", [(640, 360), (320, 300), (700, 240), (1282, 722)])
@pytest.mark.parametrize("zoom", [1.0, 1.0123, 1.035])
def test_it_is_the_same_picture(scene: U8, size: tuple[int, int], zoom: float) -> None:
    ours = Scaler().cover(scene, *size, zoom)
    assert ours.shape == (size[1], size[0], 3)
    away = np.abs(ours.astype(int) - by_pillow(scene, *size, zoom))
    assert away.mean() < 2.0  # it is cut by whole pixels: up to one from where Pillow cuts
    assert np.percentile(away, 95) < 10


def test_colours_stay_what_they_are() -> None:
    plain = np.full((144, 256, 3), (40, 120, 80), np.uint8)
    assert np.abs(Scaler().cover(plain, 1280, 720, 1.02).astype(int) - (40, 120, 80)).max() <= 1
