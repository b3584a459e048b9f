"""Two sounds that could not be taken apart, still seen as two.

Where the separator leaves two sounds in one, a bell under a train's whistle, the encoder, which has
learnt from mixtures too, gives both names. The scene then shows both: the louder one is the track,
the other stands beside it. Sounds that are only taken for one another, rain and a waterfall, give
two names as well, but their words lie near one another in the joint space: they stay one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.naming import Naming
from engine.packets import F32, HeardSource

NEAR, EVEN = 0.03, 0.12
"""The second name's probability over the first's, from which it begins to show and shows fully."""
UNLIKE, KIN = 0.1, 0.25
"""Likeness of the two names from which it begins to be hidden and is hidden fully."""
OPEN, SETTLED = 0.55, 0.7
"""Likewise the probability that it is one of the two: an uncertain ear names many."""
APART = 0.3
"""How far the two are moved from one another in the joint space, in lengths of an embedding."""


def parted(source: HeardSource, naming: Naming) -> tuple[HeardSource, HeardSource | None]:
    """The source as it is painted, and the second sound in it if there is plainly one.

    The second one's track_id is the negative of its track's. Its significance is continuous in the
    embedding, from 0, and at most the track's.
    """
    probabilities = naming.probabilities(source.embedding)
    second, first = np.argsort(probabilities, kind="stable")[-2:]
    p, q = float(probabilities[first]), float(probabilities[second])
    amount = _ramp(q / p, NEAR, EVEN) * _ramp(p + q, OPEN, SETTLED)
    amount *= 1.0 - _ramp(naming.likeness(int(first), int(second)), UNLIKE, KIN)
    if amount <= 0:
        return source, None
    way = APART * (naming.word(int(first)) - naming.word(int(second)))
    there = _unit(source.embedding - way)
    return (
        replace(source, embedding=_unit(source.embedding + amount * way)),
        replace(
            source,
            track_id=-source.track_id,
            embedding=there,
            labels=naming.labels(there),
            significance=source.significance * amount * float(np.sqrt(q / p)),
        ),
    )


def _unit(vector: NDArray[np.floating]) -> F32:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _ramp(value: float, begin: float, end: float) -> float:
    """0 up to `begin`, 1 from `end` on."""
    return min(1.0, max(0.0, (value - begin) / (end - begin)))
