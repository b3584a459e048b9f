"""What an onset makes a source do."""

import numpy as np
import pytest

from engine.motion.gestures import (
    AT_REST,
    LEAST_ONSET,
    REST_S,
    Gesture,
    Pose,
    answer,
    pose,
)
from engine.motion.kinds import HOPS, PERCHED, SWINGS

SEED = (3, 11, 1)


def play(label: str, onsets_s: list[float], until_s: float, look: int = 0) -> list[Pose]:
    """Poses every 20 ms, at full motion."""
    gesture, seen, waiting = None, [], list(onsets_s)
    for age_s in np.arange(0.0, until_s, 0.02).tolist():
        if waiting and age_s >= waiting[0]:
            waiting.pop(0)
            gesture = answer(label, 1.0, age_s, gesture)
        seen.append(pose(label, look, age_s, gesture, SEED, 1.0))
    return seen


def test_an_onset_makes_an_animal_hop_once_and_land_where_it_stood():
    up = np.array([each.up for each in play("dog", [0.5], 2.0)])
    assert up[:25].max() == 0.0
    assert up.max() == pytest.approx(HOPS["dog"], abs=0.005)
    assert up[52:].max() == 0.0
    assert np.abs(np.diff(up)).max() < 0.25 * HOPS["dog"]


def test_what_calls_without_pause_rests_between_hops():
    up = np.array([each.up for each in play("birds", [0.1 * i for i in range(100)], 10.0)])
    landed = (up[:-1] > 0) & (up[1:] == 0)
    assert 7 <= int(landed.sum()) <= 10.0 / REST_S + 1


def test_steady_sound_and_soft_onsets_move_nothing():
    assert answer("dog", 0.0, 1.0, None) is None
    assert answer("dog", LEAST_ONSET - 0.01, 1.0, None) is None
    assert answer("rain", 1.0, 1.0, None) is None
    last = Gesture(4, 1.0, 1.0)
    assert answer("dog", 0.0, 9.0, last) is last


def test_without_motion_all_stand_still():
    for age_s in (1.0, 1.2, 1.5):
        assert pose("dog", 0, age_s, Gesture(1, 1.0, 1.0), SEED, 0.0) == AT_REST
        assert pose("frog", 0, age_s, Gesture(1, 1.0, 1.0), SEED, 0.0) == AT_REST


def test_it_turns_now_and_then_and_only_at_the_height_of_a_hop():
    seen = play("cat", [2.0 * i for i in range(1, 40)], 80.0)
    turned = np.array([each.turned for each in seen])
    assert not turned[:100].any()
    assert 0.2 < turned.mean() < 0.8
    changes = np.flatnonzero(np.diff(turned.astype(int)))
    heights = np.array([each.up for each in seen])[changes]
    assert len(changes) > 3
    assert heights.min() > 0.7 * 0.12


def test_what_sits_on_a_branch_hardly_hops_and_does_not_turn():
    for label, look in (("parrot", 0), ("birds", 5), ("seagull", 2)):
        seen = play(label, [2.0 * i for i in range(1, 10)], 20.0, look)
        assert 0 < max(each.up for each in seen) <= PERCHED
        assert not any(each.turned for each in seen)


def test_a_pose_is_taken_quickly_held_and_left():
    seen = play("wolf", [1.0], 3.0)
    share = np.array([each.other for each in seen])
    assert {each.other_look for each in seen[51:]} == {1}
    assert share[:50].max() == 0.0
    assert share[70] == 1.0
    assert share[100:].max() == 0.0
    between = ((share > 0.05) & (share < 0.95)).sum()
    assert between <= 2 * 0.12 / 0.02
    assert all(each.other_look is None for each in play("wolf", [1.0], 3.0, look=5))


def test_a_bell_swings_on_over_strokes_without_a_jump_and_comes_to_rest():
    seen = np.array([each.right for each in play("church bells", [1.0, 1.7, 2.9], 14.0)])
    wide = SWINGS["church bells"]
    assert seen[:50].max() == 0.0
    assert 0.5 * wide < seen.max() <= wide
    assert seen.min() < -0.5 * wide
    assert np.abs(np.diff(seen)).max() < 0.15 * wide
    assert np.abs(seen[-50:]).max() < 0.01 * wide


def test_the_same_seed_moves_the_same_way_and_another_otherwise():
    gestures = [Gesture(number, 0.0, 1.0) for number in range(1, 40)]

    def sides(seed: tuple[int, ...]) -> list[bool]:
        return [pose("dog", 0, 1.0, each, seed, 1.0).turned for each in gestures]

    assert sides((1, 2)) == sides((1, 2))
    assert sides((1, 2)) != sides((1, 3))
