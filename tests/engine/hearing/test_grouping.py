"""Slots that hold the same source are taken together, calmly."""

from __future__ import annotations

import numpy as np

from engine.hearing.grouping import (
    ALIKE,
    ALIKE_NAMESAKES,
    CLEARER,
    SLACK,
    SlotGroups,
    blend,
    clarity,
    is_same_source,
)


def _at(cosine: float) -> np.ndarray:
    """A unit vector at that cosine to the first axis, whose greatest entry is another axis'."""
    rest = np.sqrt(1 - cosine**2)
    return np.array([cosine, 0, rest, 0], np.float32)


FIRST = np.array([1, 0, 0, 0], np.float32)
NAMESAKE = _at(0.75)
"""Less alike than strangers must be, and with the same greatest entry."""


def _group(groups: SlotGroups, slots: list[int], *identities: np.ndarray) -> list[tuple[int, ...]]:
    """The first is the loudest, all are clear."""
    return groups.group(slots, np.stack(identities), 0, [1.0] * len(slots))


def test_strangers_must_be_more_alike_than_namesakes() -> None:
    assert ALIKE_NAMESAKES < 0.75 < ALIKE
    assert is_same_source(FIRST, NAMESAKE)
    other = np.array([0.6, 0.8, 0, 0], np.float32)
    assert other @ np.array([0.8, 0.6, 0, 0], np.float32) > ALIKE
    assert is_same_source(other, np.array([0.8, 0.6, 0, 0], np.float32))
    assert not is_same_source(FIRST, other)


def test_groups_are_connected_slots() -> None:
    far = np.array([0, 0, 0, 1], np.float32)
    groups = _group(SlotGroups(), [0, 1, 2, 3], FIRST, far, FIRST, NAMESAKE)
    assert groups == [(0, 2, 3), (1,)]
    assert _group(SlotGroups(), [2], FIRST) == [(0,)]


def test_what_was_together_stays_together_a_little_longer() -> None:
    groups = SlotGroups()
    loose = _at(0.6)
    tight = _at(0.74)
    assert tight.argmax() == 0
    assert _group(groups, [0, 1], FIRST, loose) == [(0,), (1,)]
    assert _group(groups, [0, 1], FIRST, tight) == [(0, 1)]
    slack = np.array([0.6, 0.57, 0.56, 0], np.float32)
    slack /= np.linalg.norm(slack)
    assert ALIKE_NAMESAKES - SLACK < slack @ FIRST < ALIKE_NAMESAKES
    assert _group(groups, [0, 1], FIRST, slack) == [(0, 1)]
    groups.reset()
    assert _group(groups, [0, 1], FIRST, slack) == [(0,), (1,)]


def test_what_is_less_clear_than_the_whole_belongs_to_the_loudest() -> None:
    slots = [0, 2, 3]
    strangers = np.eye(4, dtype=np.float32)[:3]
    groups = SlotGroups()
    assert groups.group(slots, strangers, 1, [0.2, -0.5, CLEARER - 0.01]) == [(0,), (1, 2)]
    assert groups.group(slots, strangers, 1, [0.2, -0.5, CLEARER + 0.01]) == [(0,), (1,), (2,)]
    # What is faint must be clearer still.
    assert clarity(0.5, 0.4, 0.0) == clarity(0.5, 0.4, 6.0) > CLEARER > clarity(0.5, 0.4, 15.0)
    # What stood by itself goes on doing so a little longer.
    doubtful = CLEARER - SLACK / 2
    assert groups.group(slots, strangers, 1, [0.2, -0.5, doubtful]) == [(0,), (1,), (2,)]
    groups.reset()
    assert groups.group(slots, strangers, 1, [0.2, -0.5, doubtful]) == [(0,), (1, 2)]


def test_a_blend_is_a_unit_vector_nearer_to_the_weightier() -> None:
    other = np.array([0, 1, 0, 0], np.float32)
    mixed = blend(np.stack([FIRST, other]), (3.0, 1.0))
    assert np.isclose(np.linalg.norm(mixed), 1)
    assert mixed[0] > mixed[1] > 0
