"""The ladder's measures: what blur loses, and what lies in a box."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from training.evaluate.ladder import edge_energy, inside_distance
from training.painting.painted_pictures import PaintedPictures


def test_blur_loses_edge_energy() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3)).astype(np.uint8)
    blurred = np.asarray(Image.fromarray(noise).filter(ImageFilter.GaussianBlur(2)))
    assert edge_energy(blurred) < 0.3 * edge_energy(noise)


def test_only_what_lies_in_a_box_counts() -> None:
    true = np.full((64, 96, 3), 100, np.uint8)
    truth = PaintedPictures(
        true[None], np.array([[0, -1, -1, -1]]), np.ones((1, 4), np.float32),
        np.tile(np.array([0.25, 0.5, 0.5, 1.0], np.float32), (1, 4, 1)),
        np.zeros((1, 4), np.int64), np.zeros((1, 14), np.float32),
    )  # fmt: skip
    elsewhere, inside = true.copy(), true.copy()
    elsewhere[:, 60:] = 0
    inside[28:36, 20:28] = 110
    assert inside_distance(elsewhere, true, truth, 0) == 0
    found = inside_distance(inside, true, truth, 0)
    assert found == pytest.approx(10 * 64 / 23**2, rel=0.2)
    truth.places[..., 3] = 0  # a sound of the air
    assert inside_distance(inside, true, truth, 0) is None
