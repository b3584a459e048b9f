"""Two sounds that could not be taken apart, still seen as two.

Where the separator leaves two sounds in one, a bell under a train's whistle, the encoder, which has
learnt from mixtures too, gives both names. The scene then shows both: the louder one is the track,
the other stands beside it. Sounds that are only taken for one another, rain and a waterfall, give
two names as well, but their words lie near one another in the joint space: they stay one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.hearing.naming import Naming
from engine.packets import F32, HeardSource

NEAR, EVEN = 0.03, 0.12
"""The second name's probability over the first's, from which it begins to show and shows fully."""
UNLIKE, KIN = 0.1, 0.25
"""Likeness of the two names from which it begins to be hidden and is hidden fully."""
OPEN, SETTLED = 0.55, 0.7
"""Likewise the probability that it is one of the two: an uncertain ear names many."""
APART = 0.3
"""How far the two are moved from one another in the joint space, in lengths of an embedding."""

BELIEVED = 0.3
"""Presence from which a second sound in a slot alone is believed: of 480 mixes of recordings never
met 2 are named worse for it, where any presence cost 3 of 240."""


def split_source(source: HeardSource, naming: Naming) -> tuple[HeardSource, HeardSource | None]:
    """The source as it is painted, and the second sound in it if there is plainly one.

    The second one's track_id is the negative of its track's. Its significance is continuous in the
    embedding, from 0, and at most the track's.
    """
    two = _find_two_names(source.embedding, naming)
    if two.plain <= 0:
        return source, None
    way = APART * (naming.label_embedding(two.first) - naming.label_embedding(two.second))
    there = _unit(source.embedding - way)
    return (
        replace(source, embedding=_unit(source.embedding + two.plain * way)),
        replace(
            source,
            track_id=-source.track_id,
            embedding=there,
            labels=naming.labels(there),
            significance=source.significance * two.presence,
        ),
    )


def choose_embedding(blended: F32, alone: F32, naming: Naming) -> F32:
    """Of two embeddings (d,) of one source the one that tells more: `alone` if a second sound is
    plain in it, plainer than in `blended`, and it holds what that is called; else `blended`.

    Bells that fill a mixture outshout the train in it; the slot that holds most of the train, and
    bells still, names both.
    """
    two, less = _find_two_names(alone, naming), _find_two_names(blended, naming)
    same = less.first in (two.first, two.second)
    return alone if same and two.presence > max(less.presence, BELIEVED) else blended


@dataclass(frozen=True, slots=True)
class _TwoNames:
    """The two most probable names of an embedding."""

    first: int
    second: int
    plain: float
    """How surely the second is a sound of its own, in [0, 1]."""
    presence: float
    """That, less where the second is the less probable one; in [0, 1]."""


def _find_two_names(embedding: F32, naming: Naming) -> _TwoNames:
    probabilities = naming.probabilities(embedding)
    second, first = map(int, np.argsort(probabilities, kind="stable")[-2:])
    p, q = float(probabilities[first]), float(probabilities[second])
    plain = _ramp(q / p, NEAR, EVEN) * _ramp(p + q, OPEN, SETTLED)
    plain *= 1.0 - _ramp(naming.similarity(first, second), UNLIKE, KIN)
    return _TwoNames(first, second, plain, plain * float(np.sqrt(q / p)))


def _unit(vector: NDArray[np.floating]) -> F32:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _ramp(value: float, begin: float, end: float) -> float:
    """0 up to `begin`, 1 from `end` on."""
    return min(1.0, max(0.0, (value - begin) / (end - begin)))
