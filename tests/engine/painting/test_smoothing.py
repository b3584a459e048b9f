import numpy as np
import pytest

from engine.painting.smoothing import SmoothedDirection, SmoothedLevel, SmoothedPoint


def after(level: SmoothedLevel, seconds: float) -> float:
    level.advance(seconds)
    return level.value


def test_a_plain_rise_takes_a_fifth_of_a_second_and_a_fall_most_of_one():
    level = SmoothedLevel()
    level.aim(1.0)
    assert after(level, 0.2) == pytest.approx(0.9)
    level = SmoothedLevel(1.0)
    level.aim(0.0)
    assert after(level, 0.2) > 0.5
    assert after(level, 0.5) == pytest.approx(0.1, abs=0.01)


def test_what_dies_reaches_zero():
    level = SmoothedLevel(1.0)
    level.aim(0.0)
    assert after(level, 1.5) == 0.0


def test_trembling_is_calmed():
    rng = np.random.default_rng(0)
    level, seen = SmoothedLevel(0.6), []
    for _ in range(200):
        level.aim(0.6 + 0.04 * float(rng.standard_normal()))
        level.advance(0.2)
        seen.append(level.value)
    assert np.std(seen[20:]) < 0.02


def test_one_long_step_is_many_short_ones():
    one, many = SmoothedLevel(0.2), SmoothedLevel(0.2)
    turn_one, turn_many = (SmoothedDirection(np.eye(4, dtype=np.float32)[0]) for _ in range(2))
    for level in (one, many):
        level.aim(0.9)
    for turn in (turn_one, turn_many):
        turn.aim(np.eye(4, dtype=np.float32)[1])
    one.advance(0.3)
    turn_one.advance(0.3)
    for _ in range(30):
        many.advance(0.01)
        turn_many.advance(0.01)
    assert many.value == pytest.approx(one.value)
    np.testing.assert_allclose(turn_many.value, turn_one.value, atol=1e-6)


def test_a_direction_keeps_its_length_and_arrives():
    a, b = np.eye(8, dtype=np.float32)[:2]
    turn = SmoothedDirection(a)
    turn.aim(b)
    for _ in range(20):
        turn.advance(0.02)
        assert np.linalg.norm(turn.value) == pytest.approx(1.0, abs=1e-6)
    assert turn.value @ b > 0.99


def test_a_small_turn_takes_longer_than_a_plain_one():
    rng = np.random.default_rng(1)
    start = np.eye(64, dtype=np.float32)[0]
    near = start + 0.02 * rng.standard_normal(64).astype(np.float32)
    near /= np.linalg.norm(near)
    far = np.eye(64, dtype=np.float32)[1]
    left = []
    for goal in (near, far):
        turn = SmoothedDirection(start)
        turn.aim(goal)
        turn.advance(0.2)
        left.append(np.linalg.norm(goal - turn.value) / np.linalg.norm(goal - start))
    assert left[0] > 0.7
    assert left[1] < 0.2


def test_a_point_moves_in_under_a_second_and_calmly_where_it_trembles():
    far, near = (SmoothedPoint(np.array([0.2, 0.5], np.float32)) for _ in range(2))
    far.aim(np.array([0.8, 0.4], np.float32))
    near.aim(np.array([0.21, 0.5], np.float32))
    for point in (far, near):
        point.advance(0.7)
    assert far.value == pytest.approx([0.74, 0.41], abs=0.01)
    assert near.value[0] < 0.207
    assert far.target == pytest.approx([0.8, 0.4])
    steps = SmoothedPoint(np.array([0.2, 0.5], np.float32))
    steps.aim(np.array([0.8, 0.4], np.float32))
    for _ in range(70):
        steps.advance(0.01)
    np.testing.assert_allclose(steps.value, far.value, atol=1e-6)
