"""How verdicts become figures: found sources, ranks, precision, distances between sets."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its spread."""

    mean: float
    spread: float
    """Half of the width of the 95 % bootstrap interval."""
    count: int
    """Pictures, mixes or whatever the mean is taken over."""


def figure(values: np.ndarray, seed: int = 0, draws: int = 1000) -> Figure:
    """The mean of values (n,) with the spread that drawing other n of the same kind would give."""
    values = np.asarray(values, np.float64)
    if not len(values):
        return Figure(float("nan"), float("nan"), 0)
    rows = np.random.default_rng(seed).integers(0, len(values), (draws, len(values)))
    low, high = np.percentile(values[rows].mean(1), (2.5, 97.5))
    return Figure(float(values.mean()), float(high - low) / 2, len(values))


def share_figure(share: float, count: int) -> Figure:
    """A share of so many tries, in [0, 1], with the spread of a normal distribution."""
    return Figure(share, 1.96 * math.sqrt(max(0.0, share * (1 - share)) / max(1, count)), count)


def all_found(scores: np.ndarray, present: np.ndarray, threshold: float) -> np.ndarray:
    """bool (n,): whether every label that is present (n, labels) reaches the threshold."""
    return np.all((scores >= threshold) | ~present, axis=1)


def first_ranked(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """bool (n,): whether the label (n,) has the highest score."""
    return scores.argmax(1) == labels


def average_precision(scores: np.ndarray, present: np.ndarray) -> float:
    """Area under precision over recall of one label: scores (n,), present bool (n,)."""
    if not present.any():
        return float("nan")
    hits = present[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def precision_recall(
    scores: np.ndarray, present: np.ndarray, threshold: float
) -> tuple[float, float]:
    """Over all labels together: share of the found that is there, of the present that is found."""
    found = scores >= threshold
    hits = float((found & present).sum())
    return hits / max(1.0, float(found.sum())), hits / max(1.0, float(present.sum()))


def balanced_threshold(scores: np.ndarray, present: np.ndarray) -> float:
    """The threshold at which as many are found as are there: precision equals recall."""
    ranked = np.sort(scores, axis=None)[::-1]
    count = int(present.sum())
    if not 0 < count < ranked.size:
        return 0.5
    return float(ranked[count - 1] + ranked[count]) / 2


def frechet_distance(ones: np.ndarray, others: np.ndarray) -> float:
    """Between Gaussians fitted to two sets of features (n, d) and (m, d): the formula of FID."""
    a, b = np.asarray(ones, np.float64), np.asarray(others, np.float64)
    of_a, of_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    values, vectors = np.linalg.eigh(of_a)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ of_b @ root), 0)).sum()
    apart = float(((a.mean(0) - b.mean(0)) ** 2).sum())
    return max(0.0, apart + float(np.trace(of_a) + np.trace(of_b)) - 2 * float(cross))


def kernel_distance(ones: np.ndarray, others: np.ndarray) -> float:
    """Unbiased squared MMD with the cubic kernel (x.y / d + 1)^3: the formula of KID."""
    a, b = np.asarray(ones, np.float64), np.asarray(others, np.float64)
    d = a.shape[1]

    def inside(x: np.ndarray) -> float:
        kernel = (x @ x.T / d + 1) ** 3
        return float((kernel.sum() - np.trace(kernel)) / (len(x) * (len(x) - 1)))

    return inside(a) + inside(b) - 2 * float(((a @ b.T / d + 1) ** 3).mean())


def over_subsets(
    measure: Callable[[np.ndarray, np.ndarray], float],
    ones: np.ndarray,
    others: np.ndarray,
    subsets: int = 20,
    seed: int = 0,
) -> Figure:
    """A distance over random halves of both sets: its mean, and two standard deviations of that.

    Halves overlap, so the spread is that of a half, a little more than that of the whole.
    """
    rng = np.random.default_rng(seed)
    size = max(2, min(len(ones), len(others)) // 2)
    found = [
        measure(
            ones[rng.choice(len(ones), size, replace=False)],
            others[rng.choice(len(others), size, replace=False)],
        )
        for _ in range(subsets)
    ]
    return Figure(float(np.mean(found)), 2 * float(np.std(found)), size)
