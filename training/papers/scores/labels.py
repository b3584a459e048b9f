"""Scores that ask a picture for its labels: AIC, R@K and R@2* by ranks, CRS by what is found.

A table of scores (n, labels) may come from CLIP, a detector or the judge; which one is said with
the score. `present` is bool (n, labels): the labels of the sound.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.judge.scores import all_found, figure
from training.papers.scores.networks.weights import Weights
from training.papers.scores.result import Result, derange

DEFINED = {
    "AIC": "the best of {n} labels is the sound's, as SonicDiffusion",
    "R@2*": "both labels are the best two of {n}, sounds of two labels only",
}


def ranks(scores: np.ndarray) -> np.ndarray:
    """The rank of every label (n, labels), 1 the best; equal scores share the worse rank, so that
    a picture that tells nothing apart finds nothing."""
    return (scores[:, None, :] >= scores[:, :, None]).sum(2)


def in_top(scores: np.ndarray, present: np.ndarray, k: int) -> np.ndarray:
    """bool (n,): whether all labels that are present stand among the best k."""
    return np.all((ranks(scores) <= k) | ~present, axis=1)


def rank_results(
    scores: np.ndarray,
    present: np.ndarray,
    by: tuple[Weights, ...],
    asked: str,
    true: np.ndarray | None = None,
    ks: tuple[int, ...] = (1, 2, 5),
) -> list[Result]:
    """R@K and AIC of sounds of one label, R@2* of sounds of two.

    true: the scores of the true pictures. asked: how the labels were put to the network.
    """
    labels, found = scores.shape[1], []
    one, two = present.sum(1) == 1, present.sum(1) == 2
    for k in ks:
        if k < labels:
            variant = f"its label is among the best {k} of {labels}, sounds of one label only"
            found += _shares(f"R@{k}", variant, scores, present, one, true, by, asked, k)
    aic = DEFINED["AIC"].format(n=labels)
    found += _shares("AIC", aic, scores, present, one, true, by, asked, 1)
    if labels > 2:
        both = DEFINED["R@2*"].format(n=labels)
        found += _shares("R@2*", both, scores, present, two, true, by, asked, 2)
    return found


def _shares(
    name: str,
    variant: str,
    scores: np.ndarray,
    present: np.ndarray,
    rows: np.ndarray,
    true: np.ndarray | None,
    by: tuple[Weights, ...],
    asked: str,
    k: int,
) -> list[Result]:
    if not rows.any():
        return []
    return [
        _with_controls(
            name, f"{variant}; {asked}", lambda x, p: in_top(x, p, k), scores[rows], present[rows],
            None if true is None else true[rows], by,
        )
    ]  # fmt: skip


def crs(
    scores: np.ndarray,
    present: np.ndarray,
    threshold: float,
    by: tuple[Weights, ...],
    asked: str,
    true: np.ndarray | None = None,
    name: str = "CRS",
) -> Result:
    """The share of pictures that show every label of their sound, from a threshold on."""
    rows = present.any(1)
    variant = f"all labels are found at {threshold:g} or more; {asked}"
    return _with_controls(
        name, variant, lambda x, p: all_found(x, p, threshold), scores[rows], present[rows],
        None if true is None else true[rows], by,
    )  # fmt: skip


def _with_controls(
    name: str,
    variant: str,
    hits: Callable[[np.ndarray, np.ndarray], np.ndarray],
    scores: np.ndarray,
    present: np.ndarray,
    true: np.ndarray | None,
    by: tuple[Weights, ...],
) -> Result:
    shuffled = np.nan
    if len(scores) > 1:
        shuffled = float(hits(scores[derange(len(scores))], present).mean())
    ceiling = np.nan if true is None else float(hits(true, present).mean())
    return Result(
        name, variant, figure(hits(scores, present)), by, shuffled=shuffled, true=ceiling
    )
