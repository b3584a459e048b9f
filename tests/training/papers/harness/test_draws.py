"""Draws, dropout and rates."""

from __future__ import annotations

import pytest
import torch

from training.loop.plain_errors import InputError
from training.papers.harness.draws import Draws, Dropout, drawing
from training.papers.harness.system import Stage
from training.papers.harness.trainer import rate_at


def test_equal_seeds_draw_the_same_and_others_do_not() -> None:
    assert torch.equal(Draws(1, 2).normal(3, 4), Draws(1, 2).normal(3, 4))
    assert not torch.equal(Draws(1, 2).normal(3, 4), Draws(2, 1).normal(3, 4))
    assert Draws(0).whole(500, 7).unique().tolist() == list(range(7))
    assert {Draws(i).shift(4) for i in range(40)} == {1, 2, 3}
    with pytest.raises(InputError, match="--batch 2"):
        Draws(0).shift(1)


def test_dropout_is_by_the_draws_in_force_and_keeps_the_mean() -> None:
    layer, given = Dropout(0.25), torch.ones(50, 400)
    assert torch.equal(layer(given), given)  # none are in force
    with drawing(Draws(0)):
        found = layer(given)
        assert torch.equal(layer.eval()(given), given)
    assert (found == 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert found.mean().item() == pytest.approx(1.0, abs=0.02)
    with drawing(Draws(0)):
        whole = Dropout(0.5, channels=True)(torch.ones(4, 32, 3, 3)).mean((2, 3))
    assert set(whole.unique().tolist()) == {0.0, 2.0}


def test_rates_rise_and_fall_as_the_stage_says() -> None:
    plain = Stage("a", 1, 1, 2e-3)
    assert {rate_at(plain, step, 10) for step in range(10)} == {2e-3}
    curve = Stage("a", 1, 1, 1.0, warm_up=0.1, cosine=True)
    rates = [rate_at(curve, step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([0.1 * (i + 1) for i in range(10)])
    assert rates[10] == 1.0
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)
    assert rates[-1] < 1e-3
