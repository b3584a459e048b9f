"""AIC, R@K, R@2* and CRS on cases worked out by hand, and between their controls."""

from __future__ import annotations

import numpy as np
import pytest

from training.papers.scores.labels import crs, in_top, rank_results, ranks
from training.papers.scores.networks.weights import Weights
from training.papers.scores.result import Result

BY = (Weights("test", "0" * 64),)
SCORES = np.array(
    [
        [0.9, 0.5, 0.1, 0.0],
        [0.2, 0.8, 0.7, 0.1],
        [0.6, 0.1, 0.3, 0.2],
        [0.4, 0.4, 0.4, 0.4],
    ]
)
PRESENT = np.array(
    [
        [1, 0, 0, 0],  # first
        [0, 1, 1, 0],  # both are the best two
        [0, 0, 1, 1],  # second and third
        [1, 0, 0, 0],  # nothing is told apart
    ],
    bool,
)


def named(results: list[Result]) -> dict[str, Result]:
    return {each.name: each for each in results}


def test_what_tells_nothing_apart_has_the_worst_rank() -> None:
    assert ranks(SCORES).tolist() == [[1, 2, 3, 4], [3, 1, 2, 4], [1, 4, 2, 3], [4, 4, 4, 4]]
    assert in_top(SCORES, PRESENT, 2).tolist() == [True, True, False, False]


def test_each_score_counts_the_sounds_that_it_is_defined_for() -> None:
    found = named(rank_results(SCORES, PRESENT, BY, "asked", ks=(1, 2)))
    assert (found["R@1"].found.mean, found["R@1"].found.count) == (0.5, 2)
    assert (found["AIC"].found.mean, found["AIC"].found.count) == (0.5, 2)
    assert (found["R@2*"].found.mean, found["R@2*"].found.count) == (0.5, 2)
    assert "of 4" in found["R@2*"].variant


def test_a_scene_shows_all_of_its_labels_or_does_not_count() -> None:
    found = crs(SCORES, PRESENT, 0.25, BY, "asked")
    # 0.9 is there; 0.8 and 0.7 are; 0.2 is not; 0.4 is
    assert (found.found.mean, found.found.count) == (0.75, 4)
    assert "0.25" in found.variant


def test_perfect_pictures_reach_the_ceiling_and_shuffled_ones_the_floor() -> None:
    rng = np.random.default_rng(1)
    present = np.zeros((200, 10), bool)
    for row in present:
        row[rng.choice(10, 2, replace=False)] = True
    true = present + 0.1 * rng.random(present.shape)
    both = named(rank_results(true, present, BY, "asked", true))["R@2*"]
    assert both.found.mean == both.true == 1.0
    assert both.shuffled == pytest.approx(1 / 45, abs=0.06)
    shown = crs(true, present, 0.5, BY, "asked", true)
    assert shown.found.mean == shown.true == 1.0
    assert shown.shuffled < 0.1
