"""Who is seen where one source passes another.

Two drawings over one another would be a picture of neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIDDEN_FROM = 0.35
"""Share of a box that another covers from which what is in it is not seen."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a source takes of the picture; all over the picture's own size."""

    x: float
    y: float
    width: float
    height: float
    size: float
    """Area of its box at its loudest: who is larger does not change while one passes the other."""
    moves: bool
    """It is on its way through the scene."""


def visible_shares(outlines: Sequence[Outline]) -> list[float]:
    """How much of each is seen, in [0, 1]: 1 for whoever nobody passes.

    Where one that moves passes another, the smaller of both goes behind the larger: it is hidden,
    by and by as it is covered.
    """
    seen = [1.0] * len(outlines)
    for i, one in enumerate(outlines):
        for j in range(i):
            other = outlines[j]
            if one.moves or other.moves:
                behind, smaller = (i, one) if one.size <= other.size else (j, other)
                covered = _overlap(one, other) / max(smaller.width * smaller.height, 1e-9)
                seen[behind] = min(seen[behind], _smooth(1.0 - covered / HIDDEN_FROM))
    return seen


def _overlap(one: Outline, other: Outline) -> float:
    """Area that two boxes share."""
    across = (one.width + other.width) / 2 - abs(one.x - other.x)
    down = (one.height + other.height) / 2 - abs(one.y - other.y)
    across, down = min(across, one.width, other.width), min(down, one.height, other.height)
    return max(0.0, across) * max(0.0, down)


def _smooth(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)
