"""Significance follows loudness and likeness, smoothly, and its order is calm."""

from __future__ import annotations

import pytest

from engine.hearing.significance import OVERTAKE, Ranking, significance


def test_the_only_source_matters_fully_and_nothing_not_at_all() -> None:
    assert significance(1.0, 1.0, 20.0) == pytest.approx(1.0)
    assert significance(1.0, 1.0, 0.0) == 0.0
    assert significance(1.0, 1.0, -5.0) == 0.0
    assert significance(0.0, -1.0, 20.0) == 0.0


def test_louder_and_more_alike_matters_more() -> None:
    values = [significance(share, 0.5, 20) for share in (0.01, 0.1, 0.5, 0.9)]
    assert values == sorted(values)
    assert significance(0.5, 0.9, 20) > significance(0.5, 0.2, 20)
    assert all(0 <= v <= 1 for v in values)


def test_up_fast_down_slowly() -> None:
    ranking = Ranking()
    up = [ranking.update({1: 1.0}, 0.2)[1] for _ in range(5)]
    assert 0.4 < up[0] < 0.7
    assert up[-1] > 0.97
    down = [ranking.update({1: 0.0}, 0.2)[1] for _ in range(5)]
    assert 0.7 < down[0] < 0.85
    assert down[-1] > 0.2
    assert ranking.update({}, 0.2) == {}


def test_late_updates_move_as_far_as_many_small_ones() -> None:
    one, many = Ranking(), Ranking()
    for _ in range(5):
        often = many.update({1: 0.8}, 0.2)
    assert one.update({1: 0.8}, 1.0)[1] == pytest.approx(often[1])


def test_neighbours_change_places_only_when_it_is_plain() -> None:
    ranking = Ranking()
    for _ in range(20):
        order = list(ranking.update({1: 0.6, 2: 0.5, 3: 0.2}, 0.2))
    assert order == [1, 2, 3]
    for k in range(40):
        wiggle = 0.9 * OVERTAKE if k % 2 else -0.9 * OVERTAKE
        assert list(ranking.update({1: 0.55, 2: 0.55 + wiggle, 3: 0.2}, 0.2)) == [1, 2, 3]
    for _ in range(20):
        order = list(ranking.update({1: 0.55, 2: 0.7, 3: 0.2}, 0.2))
    assert order == [2, 1, 3]
    for _ in range(20):
        order = list(ranking.update({1: 0.1, 2: 0.2, 3: 0.9}, 0.2))
    assert order[0] == 3
