"""Which sounds fit a text: scores in the joint space, and a draw among the best (Seeing Sound).

Pictures and sounds live in separate pools; what joins them is the space that texts and sounds
share. Always taking the nearest sound would pair a thousand pictures of dogs with one bark; drawing
among all that are about as good as the best few gives variety without nonsense.
"""

from __future__ import annotations

import numpy as np

from engine.packets import F32
from training.retrieval.setting import OWN


def scores(texts: F32, sounds: F32) -> F32:
    """(t, n) how well sounds (n, d) fit texts (t, d), all of unit length; in [-1, 1].

    The signed square root of the cosine: cosines across two towers crowd near zero, and the root
    spreads them.
    """
    cosines = texts @ sounds.T
    return (np.sign(cosines) * np.sqrt(np.abs(cosines))).astype(np.float32)


def candidates(row: F32, best: int = OWN.best) -> np.ndarray:
    """Indices of the sounds at least as good as the mean of the best few, for one text's (n,)
    scores; empty when even those lie on the far side of the space."""
    if not row.size:
        return np.empty(0, np.int64)
    most = min(best, row.size)
    top = np.partition(row, row.size - most)[row.size - most :]
    # an exact tie may lie under its own rounded mean
    bar = max(float(top.mean(dtype=np.float64)) - 1e-6, 0.0)
    return np.flatnonzero(row >= bar)


def draw(rng: np.random.Generator, row: F32, count: int = 1, best: int = OWN.best) -> np.ndarray:
    """`count` of a text's candidates, each as likely as the other; empty when there are none."""
    fitting = candidates(row, best)
    if not fitting.size:
        return fitting
    return rng.choice(fitting, count, replace=count > fitting.size)
