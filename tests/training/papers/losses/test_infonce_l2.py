"""InfoNCE by distance, against the sum written out."""

from __future__ import annotations

import math

import pytest
import torch

from training.papers.losses.infonce_l2 import infonce_l2


def test_the_sum_written_out() -> None:
    torch.manual_seed(0)
    one, other = torch.randn(5, 8), torch.randn(5, 8)
    a = [row / math.sqrt(sum(x * x for x in row)) for row in one.double().numpy()]
    b = [row / math.sqrt(sum(x * x for x in row)) for row in other.double().numpy()]
    near = [[math.exp(-math.dist(x, y)) for y in b] for x in a]
    there = [-math.log(near[i][i] / sum(near[i])) for i in range(5)]
    back = [-math.log(near[i][i] / sum(row[i] for row in near)) for i in range(5)]
    wanted = (sum(there) + sum(back)) / 10
    assert infonce_l2(one, other).item() == pytest.approx(wanted, rel=1e-5)
    torch.testing.assert_close(infonce_l2(one, other), infonce_l2(7 * other, 0.1 * one))


def test_opposites_by_hand() -> None:
    poles = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])  # a distance of 0 to the own, 2 to the other
    assert infonce_l2(poles, poles).item() == pytest.approx(math.log(1 + math.exp(-2)), abs=1e-5)


def test_equal_pairs_and_a_batch_of_one_have_gradients() -> None:
    same = torch.randn(4, 6, requires_grad=True)
    infonce_l2(same, same.detach().clone()).backward()
    assert same.grad is not None
    assert same.grad.isfinite().all()
    assert infonce_l2(torch.randn(1, 6), torch.randn(1, 6)).item() == pytest.approx(0.0)
