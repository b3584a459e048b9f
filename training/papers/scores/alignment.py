"""AIS and IIS: how well a picture belongs to its sound, and to the true picture.

Three definitions go by these names. Each is a function of a table of cosines: rows are sounds (or
true pictures), columns are painted pictures, and what belongs together lies on the diagonal.

(a) Seeing Sound: the mean cosine of what belongs together.
(b) SonicDiffusion: for each picture the share of the other sounds (or true pictures) that fit it
    worse than its own. Where their code draws some at random, all others are taken here.
(c) MACS: the mean cosine, and with it how many deviations the own picture lies above the other
    painted ones, for the same sound.
"""

from __future__ import annotations

import numpy as np

from training.judge.scores import figure
from training.papers.scores.networks.weights import Weights
from training.papers.scores.result import Result, derange

VARIANTS = {
    "a": "(a) mean cosine, as Seeing Sound",
    "b": "(b) share of the others that fit worse, as SonicDiffusion; all others, ties count half",
    "c": "(c) deviations above the other painted pictures, as MACS; its mean cosine is (a)'s",
}


def cosines(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """f64 (n, m) of features (n, d) and (m, d); 0 where one of them is nothing at all."""
    a, b = (np.asarray(x, np.float64) for x in (ones, others))
    a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-12)
    b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-12)
    return a @ b.T


def mean_cosine(table: np.ndarray) -> np.ndarray:
    """(a) for each pair, f64 (n,)."""
    return np.diagonal(table).copy()


def share_beaten(table: np.ndarray) -> np.ndarray:
    """(b) for each picture in [0, 1], f64 (n,); NaN where there is no other."""
    own = np.diagonal(table)
    beaten = (table < own).sum(0) + 0.5 * ((table == own).sum(0) - 1)
    return beaten / (len(table) - 1) if len(table) > 1 else np.full(1, np.nan)


def deviations_above(table: np.ndarray) -> np.ndarray:
    """(c) for each sound, f64 (n,): its own picture against the others; NaN with fewer than 3."""
    count = len(table)
    if count < 3:
        return np.full(count, np.nan)
    own = np.diagonal(table)
    others = table[~np.eye(count, dtype=bool)].reshape(count, count - 1)
    spread = others.std(1)
    apart = own - others.mean(1)
    # where all others are the same, none of them is a deviation away
    return np.where(spread > 1e-12, apart / np.maximum(spread, 1e-12), np.sign(apart))


MEASURES = {"a": mean_cosine, "b": share_beaten, "c": deviations_above}


def alignments(
    name: str, table: np.ndarray, ceiling: np.ndarray | None, by: tuple[Weights, ...], space: str
) -> list[Result]:
    """All three of a table of cosines (n, n).

    ceiling: the same table with true pictures in place of the painted ones, None where it says
    nothing. The floor are pictures of other sounds.
    """
    wrong = table[:, derange(len(table))]
    found = []
    for letter, measure in MEASURES.items():
        found.append(
            Result(
                name,
                f"{VARIANTS[letter]}; {space}",
                figure(measure(table)),
                by,
                shuffled=float(measure(wrong).mean()) if len(table) > 1 else np.nan,
                true=np.nan if ceiling is None else float(measure(ceiling).mean()),
            )
        )
    return found
