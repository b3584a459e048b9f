"""What goes wrong, and when: by a seed, so that a run can be had again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

FIRST_S = 20.0
"""Before, the show is left alone."""
LAST_S = 40.0
"""Before the end no other fault begins: the show has to recover from the last one."""
GAPS = 60
"""A run has about so many faults, ..."""
GAP_S = (10.0, 120.0)
"""... with a pause of at least and at most so long before each."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault."""

    kind: str
    pause_s: float
    """Seconds before it, counted from when the one before was over."""


def plan(kinds: Sequence[str], seconds: float, seed: int) -> tuple[Planned, ...]:
    """Return the faults of a run, more than it has time for: every kind once before any again."""
    draw = random.Random(seed)
    gap_s = min(max(seconds / GAPS, GAP_S[0]), GAP_S[1])
    planned: list[Planned] = []
    while len(planned) * GAP_S[0] < seconds:
        planned += [Planned(kind, gap_s * draw.uniform(0.7, 1.3)) for kind in _turn(kinds, draw)]
    return tuple(planned)


def _turn(kinds: Sequence[str], draw: random.Random) -> list[str]:
    turn = list(kinds)
    draw.shuffle(turn)
    return turn
