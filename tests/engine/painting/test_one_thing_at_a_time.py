"""A source is painted as one thing, and changes quickly from one to another."""

from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import Bundle, load_bundle
from engine.packets import F32, UNKNOWN, HeardSource, Hearing, PictureConditions, Stamp
from engine.painting.conditioning import Conditioner
from tests.engine.hearings import HOP_S, Show
from tests.tiny_models import LABELS

DOG, TRAIN, BIRDS, RAIN, FIRE = (
    LABELS.index(name) for name in ("dog", "train", "birds", "rain", "fire")
)


@pytest.fixture(scope="module")
def bundle(small_bundle: Path) -> Bundle:
    """The small bundle, opened."""
    return load_bundle(small_bundle)


def between(bundle: Bundle, one: int, other: int, part: float) -> F32:
    way = (1 - part) * bundle.vocabulary[one] + part * bundle.vocabulary[other]
    return (way / np.linalg.norm(way)).astype(np.float32)


def labels_of(bundle: Bundle, asked: PictureConditions, row: int = 0) -> dict[int, float]:
    """Label to weight of all that is asked for in a picture; each must be a word's own point."""
    found: dict[int, float] = {}
    for token, weight in zip(asked.tokens[row], asked.weights[row], strict=True):
        if np.any(token):
            label = int((bundle.vocabulary @ token).argmax())
            np.testing.assert_allclose(token, bundle.vocabulary[label], atol=1e-5)
            found[label] = found.get(label, 0.0) + float(weight)
    return found


def named(window: int, name: str, embedding: F32) -> Hearing:
    """A hearing of one track that is called `name` and lies elsewhere in the space."""
    stamp = Stamp(window, 0, 0, 3200 * (window + 1), 16000, (window + 1) * HOP_S)
    return Hearing(stamp, (HeardSource(1, embedding, ((name, 0.46),), -30.0, 0.7),), -30.0)


def test_an_unsure_source_is_painted_as_what_it_is_called(bundle: Bundle):
    conditioner = Conditioner(bundle)
    for window in range(20):
        unsure = between(bundle, FIRE, TRAIN, 0.55)
        conditioner.hear(named(window, "fire", unsure), 0.2 * window)
    found = conditioner.conditions(4.0, 2)
    assert found.panels is not None
    assert labels_of(bundle, found.scene) == {FIRE: pytest.approx(0.7, abs=0.02)}
    assert labels_of(bundle, found.panels) == {FIRE: pytest.approx(1.0, abs=0.02)}
    slot = int(found.scene.weights[0].argmax())
    rule = bundle.places[FIRE, 0]
    expected = rule[0] + (rule[1] - rule[0]) * 0.7
    assert found.scene.places[0, slot, 1:3] == pytest.approx(expected, abs=0.02)


def test_a_new_name_crosses_over_within_four_tenths_of_a_second(bundle: Bundle):
    show = Show(bundle).hear({1: (DOG, 0.7)}, 3.0).hear({1: (TRAIN, 0.7)}, 1.0)
    changing = [labels_of(bundle, c.scene) for c in show.seen[150:]]
    assert changing[0] == {DOG: pytest.approx(0.7, abs=0.02), TRAIN: 0.0}
    for asked in changing:
        assert sum(asked.values()) == pytest.approx(0.7, abs=0.02)
    old = np.array([asked.get(DOG, 0.0) for asked in changing])
    assert np.all(np.diff(old) <= 1e-6)
    assert old[10] == pytest.approx(0.35, abs=0.02)  # pictures at 50 Hz
    assert old[20:].max() == 0.0
    half_way = show.seen[160].scene
    here = half_way.places[0][half_way.weights[0] > 0]
    assert len(here) == 2
    assert here[0][0] == here[1][0], "both stand in one place"
    panels = [c.panels for c in show.seen[155:165] if c.panels is not None]
    assert all(set(labels_of(bundle, panel)) == {DOG, TRAIN} for panel in panels)


def test_a_third_name_waits_until_the_second_is_there(bundle: Bundle):
    show = Show(bundle).hear({1: (DOG, 0.7)}, 3.0).hear({1: (TRAIN, 0.7)})
    show.hear({1: (BIRDS, 0.7)}, 2.0)
    assert all(len(labels_of(bundle, c.scene)) <= 2 for c in show.seen)
    assert labels_of(bundle, show.seen[-1].scene) == {BIRDS: pytest.approx(0.7, abs=0.02)}


def test_in_a_full_scene_the_old_is_gone_before_the_new_begins(bundle: Bundle):
    others: dict[int, tuple[int | F32, float]] = {2: (BIRDS, 0.6), 3: (RAIN, 0.6), 4: (FIRE, 0.6)}
    show = Show(bundle).hear({1: (DOG, 0.7), **others}, 3.0).hear({1: (TRAIN, 0.7), **others}, 1.0)
    both = np.array(
        [(w.get(DOG, 0.0), w.get(TRAIN, 0.0))
         for w in (labels_of(bundle, c.scene) for c in show.seen[150:])]
    )  # fmt: skip
    assert np.all(both.min(1) == 0.0)
    assert both[0] == pytest.approx([0.7, 0.0], abs=0.02)
    assert both[-1] == pytest.approx([0.0, 0.7], abs=0.02)
    assert np.abs(np.diff(both, axis=0)).max() < 0.08


def test_what_gets_a_name_leaves_its_light_behind(bundle: Bundle):
    conditioner = Conditioner(bundle)
    for window in range(15):
        conditioner.hear(named(window, UNKNOWN, bundle.vocabulary[DOG]), 0.2 * window)
    nameless = conditioner.conditions(3.0, 2)
    assert labels_of(bundle, nameless.scene) == {}
    assert nameless.scene.weights.max() == 0.0
    assert nameless.scene_weather.shimmer == pytest.approx(0.7, abs=0.02)
    conditioner.hear(named(15, "dog", bundle.vocabulary[DOG]), 3.0)
    half_way = conditioner.conditions(3.2, 2)
    assert half_way.scene_weather.shimmer == pytest.approx(0.35, abs=0.02)
    assert labels_of(bundle, half_way.scene) == {DOG: pytest.approx(0.35, abs=0.02)}
    named_now = conditioner.conditions(3.5, 2)
    assert named_now.scene_weather.shimmer == 0.0
    slot = int(named_now.scene.weights[0].argmax())
    assert named_now.scene.places[0, slot, 2] < 1.0, "it has found a place"
