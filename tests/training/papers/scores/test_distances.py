"""What FID, KID and IS say of themselves, and where they stand for perfect and wrong pictures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training.papers.scores.distances import fid, inception_score, kid, split_scores
from training.papers.scores.networks.weights import Weights
from training.papers.scores.result import table

BY = Weights("test", "ab" * 32)


def test_the_same_pictures_are_no_distance_apart_and_others_are() -> None:
    rng = np.random.default_rng(0)
    true, other = rng.standard_normal((2, 60, 8))
    same = fid(true, true, "FID", "as they are", BY)
    far = fid(other + 3, true, "FID", "as they are", BY)
    assert same.found.mean == pytest.approx(0, abs=1e-6)
    assert far.found.mean > 8 * 9 * 0.8  # nine for each of the eight means
    assert far.found.count == 60
    assert far.found.spread > 0
    assert "biased" in far.note
    assert kid(other + 3, true, "as they are", BY).found.mean > 1


def test_a_negative_kid_is_said_to_be_one() -> None:
    rng = np.random.default_rng(1)
    drawn = [rng.standard_normal((2, 30, 4)) for _ in range(12)]
    found = [kid(ones, others, "drawn alike", BY) for ones, others in drawn]
    negative = [each for each in found if each.found.mean < 0]
    assert negative
    assert len(negative) < len(found)
    assert all("negative" in each.note for each in negative)
    assert all(not each.note for each in found if each.found.mean >= 0)


def test_is_by_hand() -> None:
    # two classes, each picture sure of its own: exp of one bit is two
    sure = np.array([[50.0, -50.0], [-50.0, 50.0]] * 4)
    assert split_scores(sure, 1) == pytest.approx([2.0])
    assert split_scores(sure[:4], 2) == pytest.approx([2.0, 2.0])
    assert split_scores(np.zeros((6, 3)), 2) == pytest.approx([1.0, 1.0])
    found = inception_score(sure, BY)
    assert "8 splits" in found.variant  # never more than there are pictures


def test_the_table_never_leaves_out_what_a_score_rests_on() -> None:
    told = table([inception_score(np.zeros((20, 5)), BY)])
    for needed in ("IS", "20", "5 classes", "10 splits", "test abababababab", "deviation"):
        assert needed in told
    said = inception_score(np.zeros((1, 5)), BY).as_json()
    assert said["spread"] is None
    assert said["weights"] == {"test": "ab" * 32}
    assert math.isclose(said["value"], 1.0)
