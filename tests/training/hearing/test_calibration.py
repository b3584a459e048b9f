"""Calibration finds what logits mean."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from training.hearing.calibration import expected_error, fit_logistic  # noqa: E402


def test_it_finds_slope_and_shift() -> None:
    torch.manual_seed(0)
    logits = torch.randn(20_000) * 3
    present = (torch.rand(20_000) < torch.sigmoid(0.5 * logits - 1.0)).float()
    slope, shift = fit_logistic(logits, present)
    assert slope == pytest.approx(0.5, abs=0.03)
    assert shift == pytest.approx(-1.0, abs=0.06)
    right = expected_error(torch.sigmoid(0.5 * logits - 1.0), present)
    assert right < 0.02 < expected_error(torch.sigmoid(logits), present)


def test_nothing_likely_is_no_error() -> None:
    assert expected_error(torch.full((10,), 0.01), torch.zeros(10)) == 0.0
