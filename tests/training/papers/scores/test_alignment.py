"""AIS and IIS on tables worked out by hand, and between their controls."""

from __future__ import annotations

import numpy as np
import pytest

from training.papers.scores.alignment import (
    alignments,
    cosines,
    deviations_above,
    mean_cosine,
    share_beaten,
)
from training.papers.scores.networks.weights import Weights

TABLE = np.array(
    [
        [0.9, 0.1, 0.5],
        [0.3, 0.2, 0.4],
        [0.6, 0.2, 0.8],
    ]
)
"""Rows are sounds, columns are painted pictures."""


def test_the_cosine_is_that_of_directions() -> None:
    ones = np.array([[3.0, 0.0], [0.0, 0.0]])
    found = cosines(ones, np.array([[2.0, 2.0], [0.0, -5.0]]))
    assert found == pytest.approx(np.array([[np.sqrt(0.5), 0.0], [0.0, 0.0]]))


def test_a_is_the_mean_cosine_of_what_belongs_together() -> None:
    assert mean_cosine(TABLE).tolist() == [0.9, 0.2, 0.8]


def test_b_is_the_share_of_other_sounds_that_fit_a_picture_worse() -> None:
    # picture 0: 0.9 beats 0.3 and 0.6; picture 1: 0.2 beats 0.1 and ties with 0.2; picture 2: both
    assert share_beaten(TABLE).tolist() == [1.0, 0.75, 1.0]


def test_c_is_in_deviations_of_the_other_pictures_for_the_same_sound() -> None:
    # sound 0: others 0.1 and 0.5, mean 0.3, deviation 0.2; sound 1: 0.3, 0.4; sound 2: 0.6, 0.2
    assert deviations_above(TABLE) == pytest.approx([3.0, -3.0, 2.0])
    assert np.isnan(deviations_above(TABLE[:2, :2])).all()


def test_perfect_pictures_reach_the_ceiling_and_shuffled_ones_the_floor() -> None:
    rng = np.random.default_rng(0)
    sounds = rng.standard_normal((40, 16))
    table = cosines(sounds, sounds)
    a, b, c = alignments("AIS", table, table, (Weights("test", "0" * 64),), "same")
    assert a.found.mean == pytest.approx(1.0)
    assert a.true == pytest.approx(1.0)
    assert abs(a.shuffled) < 0.2
    assert b.found.mean == 1.0
    assert 0.3 < b.shuffled < 0.7
    assert c.found.mean > 2
    assert abs(c.shuffled) < 0.7
    assert len({each.variant for each in (a, b, c)}) == 3
