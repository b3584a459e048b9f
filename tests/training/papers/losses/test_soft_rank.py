"""Soft ranks are what they are defined to be: the nearest point of the permutahedron."""

from __future__ import annotations

from itertools import permutations

import pytest
import torch
from torch import Tensor

from training.papers.losses.soft_rank import soft_rank


def random_rows(n: int, spread: float, rows: int = 40) -> Tensor:
    torch.manual_seed(n)
    return spread * torch.randn(rows, n, dtype=torch.float64)


@pytest.mark.parametrize("spread", [0.1, 1.0, 5.0])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 6])
def test_the_nearest_point_of_the_permutahedron(n: int, spread: float) -> None:
    values = random_rows(n, spread)
    found = soft_rank(values)
    # inside: every partial sum of the largest is at most that of the ranks, all together equal
    ranks = torch.arange(n, 0, -1, dtype=values.dtype)
    sums = found.sort(1, descending=True).values.cumsum(1)
    assert (sums <= ranks.cumsum(0) + 1e-9).all()
    torch.testing.assert_close(sums[:, -1], ranks.sum().expand(len(values)))
    # nearest: no corner lies on the side of the values (the variational inequality)
    corners = torch.tensor(list(permutations(range(1, n + 1))), dtype=values.dtype)
    beyond = torch.einsum("bn,bcn->bc", values - found, corners[None] - found[:, None])
    assert beyond.max() <= 1e-9


@pytest.mark.parametrize("strength", [0.1, 1.0, 3.0])
def test_the_same_as_isotonic_regression_of_another_hand(strength: float) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    for row in random_rows(9, 4.0):
        ordered, order = torch.sort(row / strength, descending=True)
        gaps = (ordered - torch.arange(9, 0, -1)).numpy()
        falling = optimize.isotonic_regression(gaps, increasing=False).x.copy()
        wanted = torch.empty(9, dtype=row.dtype)
        wanted[order] = ordered - torch.from_numpy(falling)
        torch.testing.assert_close(soft_rank(row[None], strength)[0], wanted)


def test_far_apart_they_are_the_ranks_and_near_together_the_values() -> None:
    far = torch.tensor([[80.0, 0.0, 50.0, 30.0, 20.0]])
    assert soft_rank(far).tolist() == [[5.0, 1.0, 4.0, 3.0, 2.0]]
    near = torch.tensor([[0.3, 0.1, 0.2]])
    torch.testing.assert_close(soft_rank(near), torch.tensor([[2.1, 1.9, 2.0]]))


def test_gradients_are_those_of_small_changes() -> None:
    values = random_rows(5, 1.5, rows=8).requires_grad_()
    assert torch.autograd.gradcheck(soft_rank, values)


def test_the_same_as_torchsort() -> None:
    torchsort = pytest.importorskip("torchsort", reason="torchsort needs a compiler to install")
    values = random_rows(7, 2.0).float()
    torch.testing.assert_close(soft_rank(values), torchsort.soft_rank(values))
