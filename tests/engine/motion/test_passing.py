"""Who is seen where one passes another."""

from dataclasses import replace

import numpy as np
import pytest

from engine.motion.passing import Outline, visible_shares

TRAIN = Outline(0.8, 0.65, 0.4, 0.4, 0.3, moves=True)
DOG = Outline(0.3, 0.65, 0.25, 0.45, 0.2, moves=False)


def test_the_smaller_one_is_hidden_by_and_by_and_comes_back():
    xs = np.linspace(1.3, -0.4, 120)
    seen = np.array([visible_shares([DOG, replace(TRAIN, x=float(x))]) for x in xs])
    assert (seen[:, 1] == 1.0).all()
    dog = seen[:, 0]
    assert dog[0] == dog[-1] == 1.0
    assert dog.min() == 0.0
    assert np.abs(np.diff(dog)).max() < 0.45
    assert (np.diff(dog[: int(dog.argmin())]) <= 0).all()


def test_a_car_goes_behind_a_church():
    church = replace(DOG, size=0.4)
    shares = visible_shares([replace(TRAIN, x=0.3, width=0.15, height=0.2), church])
    assert shares == [0.0, 1.0]


def test_who_stands_hides_nobody():
    standing = replace(TRAIN, moves=False, x=0.3)
    assert visible_shares([DOG, standing]) == [1.0, 1.0]


@pytest.mark.parametrize("x", [0.3, 0.31, 0.35])
def test_the_bird_over_a_train_is_seen(x: float):
    bird = Outline(x, 0.2, 0.2, 0.25, 0.1, moves=False)
    assert visible_shares([bird, replace(TRAIN, x=0.3)]) == [1.0, 1.0]


def test_of_two_of_one_size_the_first_is_in_front_whatever_happens():
    one, other = replace(TRAIN, x=0.5), replace(TRAIN, x=0.55)
    assert visible_shares([one, other]) == [1.0, 0.0]
