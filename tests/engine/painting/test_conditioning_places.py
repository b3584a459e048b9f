"""Where the conditions put a source, and that it stays there."""

from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import Bundle, load_bundle
from engine.packets import F32
from tests.engine.hearings import Show
from tests.tiny_models import LABELS

DOG, TRAIN, BIRDS, RAIN, FIRE = (
    LABELS.index(name) for name in ("dog", "train", "birds", "rain", "fire")
)


@pytest.fixture(scope="module")
def bundle(small_bundle: Path) -> Bundle:
    """The small bundle, opened."""
    return load_bundle(small_bundle)


def places_of(show: Show, label: int) -> np.ndarray:
    """(pictures, 4) places of the source of a label in the scene, picture by picture."""
    wanted = show.bundle.vocabulary[label]
    scenes = [c.scene for c in show.seen]
    return np.array([s.places[0, int((s.tokens[0] @ wanted).argmax())] for s in scenes])


def test_a_louder_source_grows_nearer_where_it_stands(bundle: Bundle):
    show = Show(bundle).hear({1: (DOG, 0.2)}, 3.0)
    quiet = places_of(show, DOG)[-1]
    loud = places_of(show.hear({1: (DOG, 0.9)}, 3.0), DOG)
    rule = bundle.places[DOG, 0]
    for place, weight in ((quiet, 0.2), (loud[-1], 0.9)):
        expected = rule[0] + (rule[1] - rule[0]) * weight
        assert place[1:3] == pytest.approx(expected, abs=0.02)
    assert loud[-1][2] > quiet[2] + 0.15
    assert loud[-1][0] == quiet[0]
    assert np.abs(np.diff(loud, axis=0)).max() < 0.05


def test_two_sources_stand_apart_and_stay_when_a_louder_one_comes(bundle: Bundle):
    show = Show(bundle).hear({1: (DOG, 0.5)}, 1.0).hear({1: (DOG, 0.5), 2: (TRAIN, 0.6)}, 1.0)
    dog, train = (places_of(show, label)[-1] for label in (DOG, TRAIN))
    assert abs(dog[0] - train[0]) > 0.25
    for place in (dog, train):
        assert place[3] == (1.0 if place[0] < 0.5 else -1.0)
    three: dict[int, tuple[int | F32, float]] = {1: (DOG, 0.5), 2: (TRAIN, 0.6), 3: (FIRE, 1.0)}
    show.hear(three, 2.0)
    assert places_of(show, DOG)[-1][0] == dog[0]
    assert places_of(show, TRAIN)[-1][0] == train[0]
    fire = places_of(show, FIRE)[-1]
    assert min(abs(fire[0] - dog[0]), abs(fire[0] - train[0])) > 0.15


def test_sounds_of_the_air_fill_the_picture(bundle: Bundle):
    found = Show(bundle).hear({1: (RAIN, 0.8)}, 1.0).seen[-1]
    assert found.scene.places[0, 0] == pytest.approx([0.5, 0.5, 1.0, 0.0])
    assert found.scene.looks[0, 0, 0] == 1.0
    assert found.panels is not None
    assert found.panels.places[0, 0] == pytest.approx([0.5, 0.5, 1.0, 0.0])


def test_a_panel_has_its_subject_in_the_middle(bundle: Bundle):
    show = Show(bundle).hear({1: (DOG, 0.3), 2: (BIRDS, 0.9)}, 4.0)
    found = show.seen[-1]
    assert found.panels is not None
    for row, track_id in enumerate(found.track_ids):
        label = {1: DOG, 2: BIRDS}[track_id]
        x, y, height, facing = found.panels.places[row, 0]
        assert x == 0.5
        assert (y, height) == pytest.approx(bundle.places[label, 1, 1], abs=0.01)
        slot = int((found.scene.tokens[0] @ bundle.vocabulary[label]).argmax())
        assert facing == found.scene.places[0, slot, 3]
        np.testing.assert_array_equal(found.panels.looks[row, 0], found.scene.looks[0, slot])
        np.testing.assert_array_equal(found.panels.atmosphere[row], found.scene.atmosphere[0])
    assert found.panels.weights[:, 1:].max() == 0.0


@pytest.mark.parametrize("to", [TRAIN, BIRDS, RAIN])
def test_an_embedding_that_walks_moves_token_place_and_look_without_a_jump(bundle: Bundle, to: int):
    show = Show(bundle, blend=True).hear({1: (DOG, 0.7)}, 2.0)
    for part in np.linspace(0, 1, 25):
        way = (1 - part) * bundle.vocabulary[DOG] + part * bundle.vocabulary[to]
        show.hear({1: ((way / np.linalg.norm(way)).astype(np.float32), 0.7)})
    show.hear({1: (to, 0.7)}, 2.0)
    walked = show.seen[50:]
    for name, most in (("tokens", 0.03), ("places", 0.07), ("looks", 0.1)):
        way = np.array([getattr(c.scene, name)[0, 0] for c in walked])
        assert np.abs(np.diff(way, axis=0)).max() < most, name
    assert walked[-1].scene.tokens[0, 0] @ bundle.vocabulary[to] > 0.999
    rule = bundle.places[to, 0]
    assert walked[-1].scene.places[0, 0, 1:3] == pytest.approx(
        rule[0] + (rule[1] - rule[0]) * 0.7, abs=0.02
    )


def test_a_place_is_kept_for_life_and_found_again(bundle: Bundle):
    show = Show(bundle).hear({1: (DOG, 0.6), 2: (TRAIN, 0.3)}, 2.0)
    before = places_of(show, DOG)[-1]
    show.hear({2: (TRAIN, 0.9)}, 3.0).hear({1: (DOG, 0.6), 2: (TRAIN, 0.9)}, 2.0)
    assert places_of(show, DOG)[-1][0] == before[0]
    same = Show(bundle).hear({1: (DOG, 0.6), 2: (TRAIN, 0.3)}, 2.0)
    np.testing.assert_array_equal(places_of(same, DOG)[-1], before)
