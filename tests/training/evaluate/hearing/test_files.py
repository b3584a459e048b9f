"""Files are counted by what is in them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from training.evaluate.hearing.calibration import reliability
from training.evaluate.hearing.files import improvement

RNG = np.random.default_rng(0)
TRUTHS = RNG.standard_normal((2, 48_000)).astype(np.float32)
NOISE = RNG.standard_normal(48_000).astype(np.float32)


def test_clean_files_are_worth_their_noise_and_the_mixture_nothing() -> None:
    clean = [truth + 0.1 * NOISE for truth in TRUTHS]
    assert improvement([*clean, NOISE], TRUTHS) == pytest.approx(20, abs=1)
    mixture = TRUTHS.sum(0)
    assert improvement([mixture, mixture, NOISE], TRUTHS) == pytest.approx(0, abs=0.1)


def test_a_file_too_many_counts_and_the_rest_where_there_are_too_few() -> None:
    clean = [truth + 0.1 * NOISE for truth in TRUTHS]
    assert improvement([*clean, NOISE, NOISE], TRUTHS) < 10
    assert improvement(clean, TRUTHS) == pytest.approx(20, abs=1)  # one source, and the rest


def test_reliability_sets_what_is_said_beside_what_is_there() -> None:
    said = np.array([0.01, 0.52, 0.53, 0.54, 0.98], np.float32)
    found = reliability(said, np.array([1, 1, 0, 1, 1], np.float32))
    assert [each["count"] for each in found] == [2, 1, 1]
    assert [each["observed"] for each in found] == [0.5, 1, 1]
