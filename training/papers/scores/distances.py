"""FID, KID and CLIP-FID between two sets of features, and IS of one set of logits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.judge.scores import (
    Figure,
    frechet_distance,
    kernel_distance,
    over_subsets,
)
from training.papers.scores.networks.weights import Weights
from training.papers.scores.result import Result

KID_SUBSETS, KID_SIZE = 100, 1000
"""Of clean-fid and torchmetrics: so many subsets, of so many pictures where there are as many."""
IS_SPLITS = 10
HALVES = "two deviations over halves of both sets"
_FID_HALVES = 5
"""A distance of 2,048 features takes seconds."""
FEW = 2048
"""With fewer pictures FID says more of their number than of them."""


def fid(painted: np.ndarray, true: np.ndarray, name: str, variant: str, by: Weights) -> Result:
    """The Frechet distance of two sets of features (n, d), (m, d), n and m at least 2."""
    value = frechet_distance(painted, true)
    spread = _over_halves(frechet_distance, painted, true, _FID_HALVES)
    few = min(len(painted), len(true))
    note = f"only {few} pictures: FID is biased upwards, prefer KID" if few < FEW else ""
    variant = f"{variant}, {painted.shape[1]} features, {len(painted)} against {len(true)} pictures"
    return Result(name, variant, Figure(value, spread, few), (by,), HALVES, note=note)


def kid(
    painted: np.ndarray, true: np.ndarray, variant: str, by: Weights, name: str = "KID"
) -> Result:
    """The unbiased kernel distance, mean over subsets as the field's tools draw them.

    It can be below zero, and is then said to be what it is: nothing that so many pictures tell.
    """
    value = subset_kid(painted, true)
    spread = _over_halves(kernel_distance, painted, true, 20)
    size = min(len(painted), len(true), KID_SIZE)
    note = ""
    if value < 0:
        note = (
            "negative: the estimate is unbiased, and the two sets are nearer than so few pictures "
            "can tell; read it as 0 within its spread"
        )
    variant = f"{variant}, cubic kernel, {KID_SUBSETS} subsets of {size}"
    count = min(len(painted), len(true))
    return Result(name, variant, Figure(value, spread, count), (by,), HALVES, note=note)


def subset_kid(painted: np.ndarray, true: np.ndarray, seed: int = 0) -> float:
    """The mean of the kernel distance over random subsets; of the whole sets where they fit."""
    size = min(len(painted), len(true), KID_SIZE)
    if size == len(painted) == len(true):
        return kernel_distance(painted, true)  # every subset is the whole
    rng = np.random.default_rng(seed)
    return float(
        np.mean(
            [
                kernel_distance(
                    painted[rng.choice(len(painted), size, replace=False)],
                    true[rng.choice(len(true), size, replace=False)],
                )
                for _ in range(KID_SUBSETS)
            ]
        )
    )


def inception_score(logits: np.ndarray, by: Weights, seed: int = 0) -> Result:
    """IS: exp of the mean KL from each picture's classes to its split's, over shuffled splits."""
    order = np.random.default_rng(seed).permutation(len(logits))
    splits = min(IS_SPLITS, len(logits))
    found = np.array(split_scores(logits[order], splits))
    spread = float(found.std(ddof=1)) if splits > 1 else float("nan")
    variant = f"{logits.shape[1]} classes, logits without bias, {splits} splits"
    return Result(
        "IS", variant, Figure(float(found.mean()), spread, len(logits)), (by,),
        "one deviation over the splits",
    )  # fmt: skip


def split_scores(logits: np.ndarray, splits: int) -> list[float]:
    """The score of each split of (n, classes), in the order that the rows have."""
    x = np.asarray(logits, np.float64)
    x = x - x.max(1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(1, keepdims=True))
    size = -(-len(x) // splits)
    found = []
    for at in range(0, len(x), size):
        part = log_p[at : at + size]
        p = np.exp(part)
        found.append(float(np.exp((p * (part - np.log(p.mean(0)))).sum(1).mean())))
    return found


def _over_halves(
    measure: Callable[[np.ndarray, np.ndarray], float],
    painted: np.ndarray,
    true: np.ndarray,
    draws: int,
) -> float:
    if min(len(painted), len(true)) < 4:
        return float("nan")
    return over_subsets(measure, painted, true, draws).spread
