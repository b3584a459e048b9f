"""Decisions stand where presences tremble."""

from __future__ import annotations

import numpy as np

from engine.hearing.decisions import Decisions, Rules
from engine.hearing.lives import DIES_AFTER_S, REMEMBERED_S, Lives


def hear(decisions: Decisions, *presences: float) -> list[bool]:
    return [
        bool(decisions.update(np.array([p], np.float32), np.array([p], np.float32))[0])
        for p in presences
    ]


def test_a_moment_begins_nothing_and_certainty_begins_at_once() -> None:
    assert hear(Decisions(1, 0.2), 0.5, 0.1, 0.5, 0.5) == [False, False, False, True]
    assert hear(Decisions(1, 0.2), 0.9) == [True]


def test_what_sounds_goes_on_through_doubt_and_ends_in_time() -> None:
    decisions = Decisions(1, 0.2)
    assert all(hear(decisions, 0.9, *[0.25] * 20))
    hearings = round(Rules().leaves_after_s / 0.2)
    assert hear(decisions, *[0.0] * hearings) == [*[True] * (hearings - 1), False]
    assert hear(Decisions(1, 1.0), 0.9, 0.0) == [True, False], "as long at any hop"
    decisions.reset()
    assert hear(decisions, 0.3) == [False]


def test_a_label_keeps_its_track_and_gets_it_back() -> None:
    lives = Lives(2)
    lives.update({5: 0.9}, 1.0)
    assert [(life.track_id, life.label) for life in lives.living] == [(1, 5)]
    lives.update({}, 1.0 + DIES_AFTER_S)
    assert lives.living == ()
    lives.update({7: 0.9, 5: 0.8}, 10.0)
    assert {life.label: life.track_id for life in lives.living} == {7: 2, 5: 1}
    lives.update({}, 20.0)
    lives.update({5: 0.8}, 21.0 + REMEMBERED_S)
    assert {life.label: life.track_id for life in lives.living} == {5: 3}


def test_the_surest_have_room() -> None:
    lives = Lives(1)
    lives.update({1: 0.6, 2: 0.9}, 0.0)
    assert [life.label for life in lives.living] == [2]
    lives.update({1: 0.9, 2: 0.9}, 0.2)
    assert [life.label for life in lives.living] == [2]
