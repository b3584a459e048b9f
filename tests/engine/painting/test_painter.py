"""What real (tiny) generators paint from conditions: control as behaviour."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import Bundle, load_bundle
from engine.packets import U8, Pictures
from engine.painting.painter import Painter
from tests.engine.hearings import HOP_S, Show
from tests.tiny_models import LABELS, PANEL, SCENE

DOG, TRAIN, RAIN = (LABELS.index(name) for name in ("dog", "train", "rain"))


@pytest.fixture(scope="module")
def bundle(small_bundle: Path) -> Bundle:
    """The small bundle, opened."""
    return load_bundle(small_bundle)


@pytest.fixture(scope="module")
def painter(bundle: Bundle) -> Iterator[Painter]:
    """Its generators."""
    models = bundle.models("onnxruntime", threads=1)
    yield Painter(models.generators)
    models.close()


def changed(one: U8, other: U8, by: int = 24) -> float:
    """Share of the pixels that differ plainly."""
    return float((np.abs(one.astype(int) - other.astype(int)).max(2) > by).mean())


def last(painter: Painter, show: Show) -> U8:
    """The newest scene, but with the noise and the light of the first."""
    conditions, first = show.seen[-1], show.seen[0]
    conditions.scene.noise[:] = first.scene.noise
    conditions.scene.atmosphere[:] = first.scene.atmosphere
    return painter.paint(conditions).scene


def test_the_scene_comes_first_and_the_panels_after_it(bundle: Bundle, painter: Painter):
    assert painter.steps == (1, 2)
    show = Show(bundle).hear({3: (DOG, 0.9), 6: (TRAIN, 0.4)}, 1.0)
    conditions = show.seen[-1]
    early: list[Pictures] = []
    pictures = painter.paint(conditions, {"hear": 12.0, "condition": 1.0}, early.append)
    assert pictures.stamp == conditions.stamp
    assert pictures.scene.shape == (*SCENE, 3)
    assert pictures.scene.dtype == np.uint8
    assert set(pictures.panels) == {3, 6}
    assert all(panel.shape == (*PANEL, 3) for panel in pictures.panels.values())
    assert not np.array_equal(pictures.panels[3], pictures.panels[6])
    assert len(early) == 1
    assert early[0].scene is pictures.scene
    assert early[0].panels == {}
    timings = pictures.timings_ms
    assert timings["hear"] == 12.0
    assert timings["generate"] == timings["generate_scene"] + timings["generate_panels"]
    assert 0 < timings["generate"] <= timings["paint"] - 1.0
    assert early[0].timings_ms["generate_panels"] == 0.0
    assert early[0].timings_ms["paint"] < timings["paint"]


def test_a_scene_alone_is_handed_over_once(bundle: Bundle, painter: Painter):
    show = Show(bundle).hear({3: (DOG, 0.9)}, 1.0)
    early: list[Pictures] = []
    conditions = show.conditioner.conditions(9.0, 1, want_panels=False)
    pictures = painter.paint(conditions, {}, early.append)
    assert pictures.panels == {}
    assert early == []


def test_silence_is_an_empty_picture_and_a_louder_source_takes_more(
    bundle: Bundle, painter: Painter
):
    empty = painter.paint(Show(bundle).conditioner.conditions(0.0, 2)).scene
    silent = last(painter, Show(bundle).hear({}, 1.0))
    nothing = Show(bundle).hear({}, HOP_S)
    assert nothing.seen[-1].scene.weights.max() == 0.0
    assert changed(empty, silent) < 0.05
    shares = [
        changed(silent, last(painter, Show(bundle).hear({1: (DOG, loud)}, 3.0)))
        for loud in (0.2, 0.5, 0.9)
    ]
    assert 0.002 < shares[0] < shares[1] < shares[2] < 0.3


def test_two_sources_are_both_in_the_picture(bundle: Bundle, painter: Painter):
    silent = last(painter, Show(bundle).hear({}, 1.0))
    both = Show(bundle).hear({1: (DOG, 0.8), 2: (TRAIN, 0.8)}, 3.0)
    scene = last(painter, both)
    for slot in (0, 1):
        x, y, height, _ = both.seen[-1].scene.places[0, slot]
        row, column = int(y * SCENE[0]), int(x * SCENE[1])
        reach = int(height * SCENE[0] / 4)
        spot = np.s_[row - reach : row + reach, column - reach : column + reach]
        assert changed(scene[spot], silent[spot]) > 0.5


def test_embeddings_walk_between_pictures_without_a_jump(bundle: Bundle, painter: Painter):
    show = Show(bundle, blend=True).hear({1: (DOG, 0.7)}, 2.0)
    for part in np.linspace(0, 1, 20):
        way = (1 - part) * bundle.vocabulary[DOG] + part * bundle.vocabulary[TRAIN]
        show.hear({1: ((way / np.linalg.norm(way)).astype(np.float32), 0.7)})
    show.hear({1: (TRAIN, 0.7)}, 2.0)
    scenes = np.stack([painter.paint(c).scene for c in show.seen[90::3]]).astype(np.float32)
    steps = np.abs(np.diff(scenes, axis=0)).mean((1, 2, 3))
    whole = np.abs(scenes[-1] - scenes[0]).mean()
    assert steps.max() < 0.5 * whole


def test_steady_sound_gives_a_calm_living_picture(bundle: Bundle, painter: Painter):
    show = Show(bundle).hear({1: (DOG, 0.7)}, 6.0)
    scenes = np.stack([painter.paint(c).scene for c in show.seen[100:]]).astype(np.float32)
    from_one_to_the_next = np.abs(np.diff(scenes, axis=0)).mean((1, 2, 3))
    assert from_one_to_the_next.max() < 1.0
    assert np.abs(scenes[-1] - scenes[0]).mean() > 0.5


def test_steady_rain_falls_evenly(bundle: Bundle, painter: Painter):
    show = Show(bundle).hear({1: (RAIN, 0.7)}, 6.0)
    scenes = np.stack([painter.paint(c).scene for c in show.seen[100:]]).astype(np.float32)
    from_one_to_the_next = np.abs(np.diff(scenes, axis=0)).mean((1, 2, 3))
    assert from_one_to_the_next.max() < 4.0
    assert from_one_to_the_next.max() < 1.3 * np.median(from_one_to_the_next)


def test_the_light_that_is_chosen_crosses_over_in_the_picture(bundle: Bundle, painter: Painter):
    show = Show(bundle).hear({1: (DOG, 0.5)}, 2.0)
    show.conditioner.atmosphere.choose(light="night")
    show.hear({1: (DOG, 0.5)}, 4.0)
    scenes = np.stack([painter.paint(c).scene for c in show.seen[95::3]]).astype(np.float32)
    assert np.abs(np.diff(scenes, axis=0)).mean((1, 2, 3)).max() < 4.0
    assert np.abs(scenes[-1] - scenes[0]).mean() > 10.0
