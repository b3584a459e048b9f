"""Conditions between hearings."""

from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import Bundle, load_bundle
from engine.packets import F32, Conditions
from engine.painting.atmosphere import Atmosphere, Choice
from engine.painting.conditioning import Conditioner
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
    places = {p.track_id: p.slot for p in show.conditioner.panel_slots}
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
        now = {p.track_id: p.slot for p in show.conditioner.panel_slots}
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
    turns = [conditioner.conditions(0.42, 2, most_panels=1).track_ids for _ in range(8)]
    assert sorted(turns) == [(0,), (0,), (1,), (1,), (2,), (2,), (8,), (8,)]
    lone = Conditioner(bundle, 0, 4)
    lone.hear(hearing(bundle, 0, {5: (5, 0.5)}), 0.2)
    seen = [len(lone.conditions(0.2, 2, panels_every=4).track_ids) for _ in range(13)]
    assert seen == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_pictures_of_another_size_go_on_with_the_same_sources(bundle: Bundle):
    conditioner = Conditioner(bundle, 3, 4)
    conditioner.hear(hearing(bundle, 0, {1: (1, 0.9), 2: (2, 0.8)}), 1.0)
    whole = conditioner.conditions(2.0, 2)
    conditioner.paint_at(0.5)
    half = conditioner.conditions(2.0, 2)
    assert half.panels is not None
    pictures = bundle.manifest.pictures
    assert half.scene.noise.shape[2:] == pictures.latent(pictures.at(0.5).scene)
    assert half.panels.noise.shape[2:] == pictures.latent(pictures.at(0.5).panel)
    assert half.track_ids == whole.track_ids
    np.testing.assert_array_equal(half.scene.places, whole.scene.places)
    conditioner.paint_at(1.0)
    again = conditioner.conditions(2.0, 2)
    np.testing.assert_array_equal(again.scene.noise, whole.scene.noise)


@pytest.mark.parametrize("size", [0.5, 0.6, 0.75, 0.99, 1.0])
def test_sizes_are_of_even_latents_and_never_larger_than_asked(bundle: Bundle, size: float):
    pictures = bundle.manifest.pictures
    for whole, part in (
        (pictures.scene, pictures.at(size).scene), (pictures.panel, pictures.at(size).panel),
    ):  # fmt: skip
        for side, smaller in zip(whole, part, strict=True):
            assert smaller <= side
            assert smaller == side or smaller % (2 * pictures.latent_factor) == 0
            assert abs(smaller - size * side) <= pictures.latent_factor


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


def test_a_panel_whose_sound_has_become_another_one_is_painted_before_its_turn(bundle: Bundle):
    conditioner = Conditioner(bundle, panels=4)

    def hear(window: int, first: int) -> None:
        numbers = {1: first, 2: 2, 3: 3, 4: 4}
        tracks: dict[int, tuple[int | F32, float]] = {t: (n, 0.8) for t, n in numbers.items()}
        conditioner.hear(hearing(bundle, window, tracks), 0.2 * (window + 1))

    def turn(now_s: float) -> tuple[int, ...]:
        return conditioner.conditions(now_s, 2, most_panels=1).track_ids

    hear(0, 0)
    order = [turn(0.3 + 0.01 * i)[0] for i in range(8)]
    assert sorted(order[:4]) == sorted(order[4:]) == [1, 2, 3, 4]
    # Track 1 has just been painted and would be the last, had it not become another sound.
    while turn(0.4) != (1,):
        pass
    hear(1, 7)
    assert turn(1.5) == (1,)
    # The others are not starved by it.
    assert {turn(1.5)[0] for _ in range(4)} >= {2, 3, 4}
