"""The painter paints what the scene says, and the same scene the same way."""

from __future__ import annotations

import numpy as np
import pytest

from training.vocabulary import LABELS
from training.world.painter import paint, paint_seed
from training.world.scene import Scene, compose
from training.world.subjects import FontMissingError, cut_out


@pytest.fixture(autouse=True, scope="module")
def _font() -> None:
    try:
        cut_out("🐄")
    except FontMissingError as missing:
        pytest.skip(str(missing))


def test_same_scene_same_pixels() -> None:
    assert np.array_equal(paint_seed(5)[1], paint_seed(5)[1])
    assert not np.array_equal(paint_seed(5)[1], paint_seed(6)[1])


@pytest.mark.parametrize("label", LABELS)
def test_each_concept_changes_the_picture(label: str) -> None:
    scene = compose((label,), (0.9,), 11)
    bare = Scene(
        scene.seed,
        scene.light,
        scene.water,
        scene.horizon,
        scene.body_x,
        scene.body_y,
        tuple(a for a in scene.air if a[0] == "waves"),
        (),
        (),
    )
    quiet = paint(compose((), (), 11)) if label == "waves" else paint(bare)
    changed = np.abs(paint(scene).astype(int) - quiet).max(2) > 12
    assert changed.mean() > 0.01


def test_sizes_share_their_composition() -> None:
    scene = compose(("fire",), (0.8,), 2)
    large, small = paint(scene, 256, 144), paint(scene, 128, 72)
    halved = large.reshape(72, 2, 128, 2, 3).mean((1, 3))
    assert np.abs(halved - small).mean() < 8
