"""Slots that hold the same source are taken together, calmly."""

from __future__ import annotations

import numpy as np

from engine.grouping import ALIKE, ALIKE_NAMESAKES, SLACK, SlotGroups, alike, blend


def _at(cosine: float) -> np.ndarray:
    """A unit vector at that cosine to the first axis, whose greatest entry is another axis'."""
    rest = np.sqrt(1 - cosine**2)
    return np.array([cosine, 0, rest, 0], np.float32)


FIRST = np.array([1, 0, 0, 0], np.float32)
NAMESAKE = _at(0.75)
"""Less alike than strangers must be, and with the same greatest entry."""


def test_strangers_must_be_more_alike_than_namesakes() -> None:
    assert ALIKE_NAMESAKES < 0.75 < ALIKE
    assert alike(FIRST, NAMESAKE)
    other = np.array([0.6, 0.8, 0, 0], np.float32)
    assert other @ np.array([0.8, 0.6, 0, 0], np.float32) > ALIKE
    assert alike(other, np.array([0.8, 0.6, 0, 0], np.float32))
    assert not alike(FIRST, other)


def test_groups_are_connected_slots() -> None:
    far = np.array([0, 0, 0, 1], np.float32)
    groups = SlotGroups().group([0, 1, 2, 3], np.stack([FIRST, far, FIRST, NAMESAKE]))
    assert groups == [(0, 2, 3), (1,)]
    assert SlotGroups().group([2], FIRST[None]) == [(0,)]
    assert SlotGroups().group([], np.zeros((0, 4), np.float32)) == []


def test_what_was_together_stays_together_a_little_longer() -> None:
    groups = SlotGroups()
    loose = _at(0.6)
    tight = _at(0.74)
    assert tight.argmax() == 0
    assert groups.group([0, 1], np.stack([FIRST, loose])) == [(0,), (1,)]
    assert groups.group([0, 1], np.stack([FIRST, tight])) == [(0, 1)]
    slack = np.array([0.6, 0.57, 0.56, 0], np.float32)
    slack /= np.linalg.norm(slack)
    assert ALIKE_NAMESAKES - SLACK < slack @ FIRST < ALIKE_NAMESAKES
    assert groups.group([0, 1], np.stack([FIRST, slack])) == [(0, 1)]
    groups.reset()
    assert groups.group([0, 1], np.stack([FIRST, slack])) == [(0,), (1,)]


def test_a_blend_is_a_unit_vector_nearer_to_the_weightier() -> None:
    other = np.array([0, 1, 0, 0], np.float32)
    mixed = blend(np.stack([FIRST, other]), (3.0, 1.0))
    assert np.isclose(np.linalg.norm(mixed), 1)
    assert mixed[0] > mixed[1] > 0
