"""Ranks that can be learnt through (Blondel et al. 2020, "Fast differentiable sorting and
ranking")."""

from __future__ import annotations

import torch
from torch import Tensor


def soft_rank(values: Tensor, strength: float = 1.0) -> Tensor:
    """(b, n) -> (b, n) soft ranks: 1 for the smallest of a row, n for the largest.

    The point of the permutahedron of (1, ..., n) that lies nearest to values / strength. Where
    values lie further apart than strength these are the true ranks; where they all lie nearer they
    are the values themselves, moved to the ranks' mean.
    """
    ordered, order = torch.sort(values / strength, dim=1, descending=True)
    ranks = torch.arange(values.shape[1], 0, -1, dtype=ordered.dtype, device=values.device)
    falling = _nearest_falling(ordered - ranks)
    return (ordered - falling).gather(1, order.argsort(1))


def _nearest_falling(rows: Tensor) -> Tensor:
    """The nearest rows that never rise (isotonic regression), by the min-max formula.

    Place i gets the least over a <= i of the greatest over b >= i of the mean of places a to b:
    n x n numbers a row, and gradients that share each pool out evenly.
    """
    n = rows.shape[1]
    sums = torch.nn.functional.pad(rows.cumsum(1), (1, 0))
    place = torch.arange(n, device=rows.device)
    length = (place[None, :] - place[:, None] + 1).clamp(min=1)
    means = (sums[:, None, 1:] - sums[:, :-1, None]) / length
    later = place[None, :] >= place[:, None]
    means = means.masked_fill(~later, -torch.inf)
    greatest = means.flip(2).cummax(2).values.flip(2)
    return greatest.masked_fill(~later, torch.inf).amin(1)
