"""Conditions between hearings."""

from pathlib import Path

import numpy as np
import pytest

from engine.atmosphere import Atmosphere, Choice
from engine.bundle import Bundle, load_bundle
from engine.conditioning import Conditioner
from engine.packets import F32, Conditions
from tests.engine.hearings import HOP_S, Show, hearing
from tests.tiny_models import LABELS


@pytest.fixture(scope="module")
def bundle(small_bundle: Path) -> Bundle:
    """The small bundle, opened."""
    return load_bundle(small_bundle)


def test_before_the_first_hearing_there_is_silence(bundle: Bundle):
    found = Conditioner(bundle).conditions(0.0, 2)
    assert found.stamp.window_id == -1
    assert found.panels is None
    scene = found.scene
    assert scene.tokens.shape == (1, 4, 128)
    assert scene.weights.tolist() == [[0, 0, 0, 0]]
    assert scene.places.tolist() == [[[0.5, 0.5, 1, 0]] * 4]
    assert scene.looks.tolist() == [[[1] + [0] * 7] * 4]
    assert scene.atmosphere.shape == (1, 14)
    assert scene.noise.shape == (1, 16, 9, 16)
    for name in ("tokens", "weights", "places", "looks", "atmosphere", "noise"):
        assert getattr(scene, name).dtype == np.float32


def test_a_born_track_fades_in_fast_and_a_dead_one_out_slowly_and_to_nothing(bundle: Bundle):
    show = Show(bundle).hear({}, 1.0).hear({7: (3, 0.8)}, 1.0)
    rise = show.scene(3)[50:]
    assert rise[0] == 0.0
    assert rise[10] > 0.65
    show.hear({}, 3.0)
    fall = show.scene(3)[100:]
    assert fall[10] > 0.3
    assert fall[45] < 0.1
    assert show.seen[-1].scene.weights.max() == 0.0
    assert show.seen[-1].track_ids == ()
    assert np.abs(np.diff(show.scene(3))).max() < 0.2


def test_weights_are_significances_and_tokens_unit_embeddings(bundle: Bundle):
    found = Show(bundle).hear({1: (0, 0.9), 2: (5, 0.4)}, 8.0).seen[-1].scene
    weights = {float(found.weights[0, i]) for i in range(4)}
    assert sorted(weights) == pytest.approx([0.0, 0.4, 0.9], abs=0.02)
    lengths = np.linalg.norm(found.tokens, axis=2)
    assert lengths[0][found.weights[0] > 0] == pytest.approx(1.0)
    assert np.all(lengths[0][found.weights[0] == 0] == 0)


def test_panels_are_single_tokens_of_full_weight_in_stable_places(bundle: Bundle):
    show = Show(bundle).hear({4: (0, 0.2), 9: (5, 0.9)}, 3.0)
    show.hear({9: (5, 0.1), 4: (0, 0.8), 11: (8, 0.9)}, 3.0)
    found = show.seen[-1]
    assert set(found.track_ids) == {4, 9, 11}
    places = {p.track_id: p.place for p in show.conditioner.places}
    assert places[9] == 0  # The more significant of the first two
    assert places[4] == 1
    assert places[11] == 2
    panels = found.panels
    assert panels is not None
    assert panels.noise.shape == (3, 16, 7, 7)
    for row, track_id in enumerate(found.track_ids):
        label = {4: 0, 9: 5, 11: 8}[track_id]
        assert panels.tokens[row, 0] @ bundle.vocabulary[label] > 0.999
        assert panels.weights[row].tolist() == pytest.approx([1, 0, 0, 0], abs=0.01)


def test_a_place_is_kept_for_life_in_a_lively_show(bundle: Bundle):
    rng = np.random.default_rng(3)
    show, before, lived = Show(bundle, panels=3), {}, set()
    for _ in range(200):
        alive = {int(t) for t in rng.choice(6, rng.integers(0, 5), replace=False)}
        show.hear({t: (t, float(rng.random())) for t in alive})
        now = {p.track_id: p.place for p in show.conditioner.places}
        assert all(now[t] == before[t] for t in lived & alive & set(now) & set(before))
        assert len(set(now.values())) == len(now) <= 3
        before, lived = now, alive


def test_nothing_jumps_in_a_lively_show(bundle: Bundle):
    rng = np.random.default_rng(4)
    show = Show(bundle)
    for _ in range(60):
        alive = rng.choice(8, rng.integers(0, 5), replace=False)
        show.hear({int(t): (int(t), float(rng.random())) for t in alive})
    for a, b in zip(show.seen, show.seen[1:], strict=False):
        before = (a.scene.tokens[0] * a.scene.weights[0][:, None]).sum(0)
        after = (b.scene.tokens[0] * b.scene.weights[0][:, None]).sum(0)
        # Four tracks that all make way for four others at once; unrelated ones are 2.8 apart.
        assert np.linalg.norm(after - before) < 1.3
        assert a.scene.weights.min() >= 0
        assert a.scene.weights.max() <= 1
        assert np.abs(b.scene.atmosphere - a.scene.atmosphere).max() < 0.02


def test_a_fifth_track_takes_the_place_of_a_dying_one_without_a_jump(bundle: Bundle):
    four: dict[int, tuple[int | F32, float]] = {t: (t, 0.5) for t in range(4)}
    show = Show(bundle).hear(four, 4.0)
    four.pop(1)
    show.hear({**four, 4: (4, 0.9)}, 0.6)
    assert show.scene(4)[-1] > 0.6
    show.hear({**four, 4: (4, 0.9)}, 3.0)
    assert show.scene(1)[-1] == 0.0
    for label in range(5):
        assert np.abs(np.diff(show.scene(label))).max() < 0.25


def test_five_tracks_alike_do_not_take_turns(bundle: Bundle):
    show = Show(bundle).hear({t: (t, 0.5) for t in range(5)}, 4.0)
    assert show.seen[-1].scene.weights[0].tolist() == pytest.approx([0.5] * 4, abs=0.01)
    assert [show.scene(label)[-1] > 0 for label in range(5)] == [True] * 4 + [False]


def test_steady_sound_gives_steady_conditions(bundle: Bundle):
    rng = np.random.default_rng(5)
    show = Show(bundle)
    for _ in range(100):
        trembling = bundle.vocabulary[2] + 0.02 * rng.standard_normal(128).astype(np.float32)
        trembling /= np.linalg.norm(trembling)
        show.hear({1: (trembling, 0.6 + 0.03 * float(rng.standard_normal()))})
    late = show.seen[200:]
    weights = np.array([c.scene.weights[0].max() for c in late])
    tokens = np.array([c.scene.tokens[0, 0] for c in late])
    places = np.array([c.scene.places[0, 0] for c in late])
    assert np.abs(np.diff(places, axis=0)).max() < 0.004
    assert places.std(0).max() < 0.01
    assert weights.std() < 0.015
    assert np.abs(np.diff(weights)).max() < 0.005
    assert np.linalg.norm(np.diff(tokens, axis=0), axis=1).max() < 0.01


def test_asking_more_often_changes_nothing(bundle: Bundle):
    seldom, often = (Conditioner(bundle, 3) for _ in range(2))
    for window in range(20):
        now_s = (window + 1) * HOP_S
        tracks = {1: (window // 5, 0.7), 2: (9, 0.1 * (window % 7))}
        for one in (seldom, often):
            one.hear(hearing(bundle, window, tracks), now_s)
        for i in range(9):
            often.conditions(now_s + 0.02 * i, 2)
    a, b = (one.conditions(4.2, 2) for one in (seldom, often))
    assert a.panels is not None
    assert b.panels is not None
    for one, other in ((a.scene, b.scene), (a.panels, b.panels)):
        for name in ("tokens", "weights", "places", "looks", "atmosphere"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-5)
        np.testing.assert_array_equal(one.noise, other.noise)


def test_the_noise_is_the_seeds_and_each_panels_own(bundle: Bundle):
    tracks: dict[int, tuple[int | F32, float]] = {1: (0, 0.5), 2: (1, 0.5)}

    def noises(seed: int) -> list[F32]:
        found = Show(bundle, seed=seed).hear(tracks, 1.0).seen[-1]
        assert found.panels is not None
        return [row.ravel()[:784] for row in (*found.scene.noise, *found.panels.noise)]

    np.testing.assert_array_equal(noises(1), noises(1))
    rows = [*noises(1), *noises(2)]
    for i in range(len(rows)):
        for j in range(i):
            assert abs(np.corrcoef(rows[i], rows[j])[0, 1]) < 0.15


def test_panels_are_paced_a_few_at_a_time_and_a_new_one_comes_at_once(bundle: Bundle):
    conditioner = Conditioner(bundle, 0, 4)
    tracks: dict[int, tuple[int | F32, float]] = {t: (t, 0.5) for t in range(3)}
    conditioner.hear(hearing(bundle, 0, tracks), 0.2)
    assert conditioner.conditions(0.2, 2, panels_every=3).track_ids == (0, 1, 2)
    painted = [conditioner.conditions(0.21, 2, panels_every=3).track_ids for _ in range(9)]
    assert {len(p) for p in painted} == {1}
    assert sorted(t for p in painted for t in p) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    tracks[8] = (8, 0.9)
    conditioner.hear(hearing(bundle, 1, tracks), 0.4)
    assert 8 in conditioner.conditions(0.4, 2, panels_every=8).track_ids
    assert conditioner.conditions(0.41, 2, want_panels=False).track_ids == ()
    lone = Conditioner(bundle, 0, 4)
    lone.hear(hearing(bundle, 0, {5: (5, 0.5)}), 0.2)
    seen = [len(lone.conditions(0.2, 2, panels_every=4).track_ids) for _ in range(13)]
    assert seen == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_an_older_hearing_is_ignored_and_a_reset_forgets(bundle: Bundle):
    conditioner = Conditioner(bundle)
    conditioner.hear(hearing(bundle, 5, {1: (1, 0.9)}), 1.0)
    conditioner.hear(hearing(bundle, 4, {2: (2, 0.9)}), 1.1)
    assert conditioner.conditions(1.5, 2).track_ids == (1,)
    conditioner.hear(hearing(bundle, 0, {1: (7, 0.9)}, epoch=1), 1.6)
    found = conditioner.conditions(2.5, 2)
    assert found.stamp.epoch == 1
    assert found.scene.tokens[0, 0] @ bundle.vocabulary[7] > 0.999
    conditioner.hear(hearing(bundle, 9, {3: (3, 0.9)}), 2.6)
    assert conditioner.conditions(2.7, 2).track_ids == (1,)


def places_of(show: Show, label: int) -> np.ndarray:
    """(pictures, 4) places of the source of a label in the scene, picture by picture."""
    wanted = show.bundle.vocabulary[label]
    scenes = [c.scene for c in show.seen]
    return np.array([s.places[0, int((s.tokens[0] @ wanted).argmax())] for s in scenes])


DOG, TRAIN, BIRDS, RAIN = (LABELS.index(n) for n in ("dog", "train", "birds", "rain"))


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
    three: dict[int, tuple[int | F32, float]] = {1: (DOG, 0.5), 2: (TRAIN, 0.6), 3: (5, 1.0)}
    show.hear(three, 2.0)
    assert places_of(show, DOG)[-1][0] == dog[0]
    assert places_of(show, TRAIN)[-1][0] == train[0]
    fire = places_of(show, 5)[-1]
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
    show = Show(bundle).hear({1: (DOG, 0.7)}, 2.0)
    for part in np.linspace(0, 1, 25):
        way = (1 - part) * bundle.vocabulary[DOG] + part * bundle.vocabulary[to]
        show.hear({1: ((way / np.linalg.norm(way)).astype(np.float32), 0.7)})
    show.hear({1: (to, 0.7)}, 2.0)
    walked = show.seen[50:]
    for name, most in (("tokens", 0.03), ("places", 0.06), ("looks", 0.1)):
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


def test_the_light_leans_to_what_is_heard(bundle: Bundle):
    show = Show(bundle).hear({1: (LABELS.index("thunder"), 0.9)}, 20.0)
    storm = [c.scene.atmosphere[0, 4] for c in show.seen]
    assert storm[-1] > 0.5
    assert np.abs(np.diff(storm)).max() < 0.01


def test_the_atmosphere_may_be_chosen(bundle: Bundle):
    atmosphere = Atmosphere(0, choice=Choice("fog", "winter", "papercut"))
    conditioner = Conditioner(bundle, atmosphere=atmosphere)
    assert conditioner.atmosphere is atmosphere
    found = conditioner.conditions(0.0, 2).scene.atmosphere[0]
    assert found.tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0]


def frozen(conditions: Conditions) -> tuple[bytes, ...]:
    """All that a picture depends on."""
    scene = conditions.scene
    arrays = (scene.tokens, scene.weights, scene.places, scene.looks, scene.atmosphere, scene.noise)
    return tuple(array.tobytes() for array in arrays)


def test_the_same_show_again_is_the_same(bundle: Bundle):
    def play() -> list[tuple[bytes, ...]]:
        show = Show(bundle, seed=9)
        for i in range(12):
            show.hear({t: (t, 0.3 + 0.05 * t) for t in range(1 + i // 4)})
        return [frozen(c) for c in show.seen]

    assert play() == play()
