"""Probabilities that mean what they say: of what is 70 % sure, seven of ten are there."""

from __future__ import annotations

import torch
from torch import Tensor

BINS = 15


def fit_logistic(logits: Tensor, present: Tensor, steps: int = 50) -> tuple[float, float]:
    """Slope and shift of logits (n,) that make them the likeliest probabilities of `present` (n,),
    0 or 1, by Newton's method (Platt 1999)."""
    x, y = logits.double(), present.double()
    weights = torch.tensor([1.0, 0.0], dtype=torch.float64)
    inputs = torch.stack([x, torch.ones_like(x)], 1)
    for _ in range(steps):
        p = torch.sigmoid(inputs @ weights)
        gradient = inputs.T @ (p - y)
        curvature = (inputs * (p * (1 - p))[:, None]).T @ inputs
        curvature = curvature + 1e-6 * len(x) * torch.eye(2, dtype=torch.float64)
        step = torch.linalg.solve(curvature, gradient)
        weights = weights - step.clamp(-1, 1)
        if float(step.abs().max()) < 1e-6:
            break
    return float(weights[0]), float(weights[1])


def expected_error(probabilities: Tensor, present: Tensor, least: float = 0.05) -> float:
    """Expected calibration error (Guo et al. 2017), in [0, 1]: how far a bin's probabilities (n,)
    are off its share of what is there, mean over those of at least `least`: the many labels that
    are plainly absent would hide the rest. 0 where there are none."""
    likely = probabilities >= least
    p, y = probabilities[likely].double(), present[likely].double()
    if not len(p):
        return 0.0
    bins = (p * BINS).long().clamp(max=BINS - 1)
    count = torch.zeros(BINS, dtype=torch.float64).index_add_(0, bins, torch.ones_like(p))
    said = torch.zeros(BINS, dtype=torch.float64).index_add_(0, bins, p)
    true = torch.zeros(BINS, dtype=torch.float64).index_add_(0, bins, y)
    there = count > 0
    return float(((said - true).abs()[there]).sum() / count.sum())
