"""Places and looks of a show whose pictures move with its sounds."""

from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import Bundle, load_bundle
from engine.packets import Conditions
from tests.engine.hearings import Show
from tests.tiny_models import LABELS

DOG, TRAIN, FIRE, WOLF, BIRDS = (
    LABELS.index(name) for name in ("dog", "train", "fire", "wolf", "birds")
)


@pytest.fixture(scope="module")
def bundle(small_bundle: Path) -> Bundle:
    """The small bundle, opened."""
    return load_bundle(small_bundle)


def seen_of(show: Show, label: int, part: str) -> np.ndarray:
    """Picture by picture, what the scene asks for of the source of a label."""
    wanted = show.bundle.vocabulary[label]
    scenes = [c.scene for c in show.seen]
    return np.array(
        [getattr(s, part)[0, int((s.tokens[0] @ wanted).argmax())] for s in scenes]
    )


def everything(conditions: Conditions) -> tuple[bytes, ...]:
    asked = [conditions.scene] + ([conditions.panels] if conditions.panels is not None else [])
    names = ("tokens", "weights", "places", "looks", "atmosphere", "noise")
    return tuple(getattr(each, name).tobytes() for each in asked for name in names)


def test_steady_sound_that_stands_is_as_still_as_without_motion(bundle: Bundle):
    still, lively = (
        Show(bundle, motion=motion).hear({1: (DOG, 0.7), 2: (FIRE, 0.6)}, 8.0)
        for motion in (0.0, 1.0)
    )
    assert [everything(c) for c in still.seen] == [everything(c) for c in lively.seen]


def test_a_train_drives_through_the_scene_and_stays_in_its_panel(bundle: Bundle):
    show = Show(bundle, motion=1.0).hear({1: (TRAIN, 0.7)}, 14.0)
    places = seen_of(show, TRAIN, "places")[50:]
    facing = places[0, 3]
    steps = np.diff(places[:, 0]) * facing
    assert (steps < -1.0).sum() == 1, "it came in again at the other side"
    assert np.abs(steps[steps > -1.0]).max() < 0.004
    assert np.ptp(places[:, 0]) > 1.0
    panels = [c.panels.places[0, 0, 0] for c in show.seen if c.panels is not None]
    assert set(panels) == {0.5}


def test_places_are_where_the_sources_are_painted_at_that_moment(bundle: Bundle):
    show = Show(bundle, motion=1.0)
    xs = []
    for number in range(40):
        second = WOLF if number < 20 else BIRDS  # one drawing gives way to another
        show.hear({1: (TRAIN, 0.7), 2: (second, 0.6)}, onset=float(number % 5 == 0))
        places, scene = show.conditioner.places, show.seen[-1].scene
        assert places.keys() == {1, 2}
        for slot, x, y in places.values():
            assert (x, y) == pytest.approx(tuple(scene.places[0, slot, :2]), abs=1e-6)
        assert scene.tokens[0, places[1][0]] @ bundle.vocabulary[TRAIN] > 0.95
        xs.append(places[1][1])
    assert np.ptp(xs) > 0.5, "the train drives"


def test_an_onset_lifts_an_animal_in_scene_and_panel(bundle: Bundle):
    show = Show(bundle, motion=1.0).hear({1: (DOG, 0.8)}, 3.0)
    show.hear({1: (DOG, 0.8)}, 1.0, onset=1.0)
    up = seen_of(show, DOG, "places")[:, 1]
    before, hop, after = up[140:150], up[150:180], up[185:]
    assert hop.min() < before.min() - 0.02
    assert after == pytest.approx(before.mean(), abs=0.005)
    panels = np.array([c.panels.places[0, 0, 1] for c in show.seen if c.panels is not None])
    assert panels[150:180].min() < panels[140:150].min() - 0.02
    quiet = Show(bundle, motion=0.0).hear({1: (DOG, 0.8)}, 3.0).hear({1: (DOG, 0.8)}, 1.0, 1.0)
    assert np.abs(np.diff(seen_of(quiet, DOG, "places")[140:, 1])).max() < 0.002


def test_facing_is_only_ever_left_or_right(bundle: Bundle):
    show = Show(bundle, motion=1.0).hear({1: (DOG, 0.8)}, 1.0)
    for _ in range(20):
        show.hear({1: (DOG, 0.8)}, 1.4, onset=1.0)
    facing = seen_of(show, DOG, "places")[1:, 3]
    assert set(np.abs(facing)) == {1.0}
    assert len(set(facing)) == 2


def test_a_passed_animal_goes_behind_the_train_and_comes_back(bundle: Bundle):
    show = Show(bundle, motion=1.0).hear({1: (DOG, 0.5), 2: (TRAIN, 0.9)}, 14.0)
    wanted = bundle.vocabulary
    weights = np.array(
        [[s.weights[0, int((s.tokens[0] @ wanted[label]).argmax())] for label in (DOG, TRAIN)]
         for s in (c.scene for c in show.seen[100:])]
    )  # fmt: skip
    hidden = weights.min(1) < 0.01
    assert 0.05 < hidden.mean() < 0.6
    assert not ((weights < 0.01).all(1)).any(), "one of both is always there"
    assert weights.max(0) == pytest.approx([0.5, 0.9], abs=0.02)
    assert np.abs(np.diff(weights, axis=0)).max() < 0.1


def test_fire_breathes_in_its_own_box(bundle: Bundle):
    found = Show(bundle, motion=0.5).hear({1: (FIRE, 0.8), 2: (DOG, 0.5)}, 4.0).seen[-1]
    assert len(found.breaths) == 1
    breath = found.breaths[0]
    slot = int((found.scene.tokens[0] @ bundle.vocabulary[FIRE]).argmax())
    assert breath.box[:2] == pytest.approx(found.scene.places[0, slot, :2])
    assert breath.amount == pytest.approx(0.4, abs=0.02)
    assert Show(bundle).hear({1: (FIRE, 0.8)}, 4.0).seen[-1].breaths == ()


def test_the_same_lively_show_again_is_the_same(bundle: Bundle):
    def play(seed: int) -> list[tuple[bytes, ...]]:
        show = Show(bundle, seed=seed, motion=0.8)
        for i in range(20):
            tracks = {1: (TRAIN, 0.8), 2: (DOG, 0.6), 3: (WOLF, 0.7), 4: (BIRDS, 0.5)}
            show.hear(dict(list(tracks.items())[: 1 + i // 5]), onset=float(i % 4 == 0))
        return [everything(c) for c in show.seen]

    assert play(5) == play(5)
    assert play(5) != play(6)


def test_motion_can_be_taken_away_and_given_while_it_runs(bundle: Bundle):
    show = Show(bundle, motion=1.0).hear({1: (TRAIN, 0.7)}, 4.0)
    show.conditioner.move(0.0, False)
    show.hear({1: (TRAIN, 0.7)}, 30.0)
    x = seen_of(show, TRAIN, "places")[:, 0]
    assert x[-1] == x[0], "it has driven home"
    assert (x[-100:] == x[-1]).all()
    show.conditioner.move(0.5, False)
    show.hear({1: (TRAIN, 0.7)}, 1.0)
    assert abs(seen_of(show, TRAIN, "places")[-1, 0] - x[-1]) > 0.05
