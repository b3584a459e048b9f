"""The way of what drives through the scene."""

import itertools

import numpy as np
import pytest

from engine.motion.journeys import BEYOND, SPEED, along, lap, travel
from engine.motion.life import Life, moves_on

HALF = 0.2


def drive(facing: float, seconds: float, motion: float = 1.0, x: float = 0.7) -> np.ndarray:
    """Places every 20 ms."""
    travelled, seen = 0.0, []
    for _ in range(round(seconds / 0.02)):
        travelled = travel(travelled, 0.02, motion, HALF)
        seen.append(along(x, facing, travelled, HALF))
    return np.array(seen)


@pytest.mark.parametrize("facing", [1.0, -1.0])
def test_it_drives_where_it_looks_and_comes_in_at_the_other_side(facing: float):
    seen = drive(facing, 2 * lap(HALF) / SPEED)
    steps = np.diff(seen)
    jumps = np.flatnonzero(np.abs(steps) > 0.1)
    assert len(jumps) == 2
    for jump in jumps:
        for x in (seen[jump], seen[jump + 1]):
            assert x + HALF < 0.0 or x - HALF > 1.0, "it is out of sight where it changes sides"
    driven = np.delete(steps, jumps) * facing
    assert driven == pytest.approx(SPEED * 0.02, abs=1e-6)
    assert seen.min() >= -HALF - BEYOND - 0.01
    assert seen.max() <= 1 + HALF + BEYOND + 0.01


def test_less_motion_is_slower_and_none_stands():
    assert drive(1.0, 2.0, 0.5)[-1] == pytest.approx(0.7 + SPEED, abs=0.01)
    assert (drive(1.0, 2.0, 0.0) == 0.7).all()


def test_when_there_shall_be_no_motion_it_drives_to_its_place_and_stays_there():
    travelled = travel(0.0, 3.0, 1.0, HALF)
    seen = []
    for _ in range(2000):
        travelled = travel(travelled, 0.02, 0.0, HALF)
        seen.append(along(0.7, 1.0, travelled, HALF))
    assert seen[-1] == 0.7
    assert sum(abs(b - a) > 0.02 for a, b in itertools.pairwise(seen)) == 1


def test_one_long_step_is_as_many_short_ones():
    short = 0.0
    for _ in range(100):
        short = travel(short, 0.3, 0.7, HALF)
    assert short == pytest.approx(travel(0.0, 30.0, 0.7, HALF))


def test_what_stays_in_its_place_travels_no_way():
    life = Life((0,))
    life.advance(5.0, 1.0, None)
    assert life.x(0.3, 1.0, HALF) == 0.3
    life.advance(5.0, 1.0, HALF)
    assert life.x(0.3, 1.0, HALF) != 0.3
    assert life.age_s == 10.0


def test_who_goes_on_its_way():
    assert moves_on("train", 0)
    assert moves_on("traffic", 0)
    assert not moves_on("traffic", 1), "those wait at a traffic light"
    assert not moves_on("dog", 0)
