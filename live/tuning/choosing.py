"""Which candidate to measure next, which stand on the Pareto front, and which is the best."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from live.tuning.candidates import Candidate
from live.tuning.costs import Estimate
from live.tuning.measurements import ShowFigures

Quality = Callable[[Candidate], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a show must reach."""

    target_ms: float
    """Most sound-to-picture, at the 95th percentile."""
    min_scenes: float
    """Least scenes a second."""

    def is_met(self, p95_ms: float, scenes_per_s: float) -> bool:
        """Whether these figures reach it."""
        return p95_ms <= self.target_ms and scenes_per_s >= self.min_scenes


@dataclass(frozen=True, slots=True)
class Result:
    """A candidate that was shown."""

    candidate: Candidate
    shown: ShowFigures
    quality: tuple[float, ...]


def next_to_show(
    expected: Mapping[Candidate, Estimate],
    shown: Mapping[Candidate, ShowFigures],
    goal: Goal,
    quality: Quality,
) -> Candidate | None:
    """Return the candidate to show next, None when nothing is left to find out.

    First the best that should reach the goal, by costs corrected with what the shows so far made
    of theirs. When none is better than what was shown to reach it: the fastest and the finest,
    once, so that one sees what there is on either side.
    """
    left = [c for c in expected if c not in shown]
    if not left:
        return None
    slower, fewer = _corrections(expected, shown)

    def should_meet(candidate: Candidate) -> bool:
        e = expected[candidate]
        return goal.is_met(slower * e.p95_ms, fewer * e.scenes_per_s)

    reached = [quality(c) for c, s in shown.items() if goal.is_met(s.p95_ms, s.scenes_per_s)]
    better = [
        c for c in left if should_meet(c) and not (reached and quality(c) <= max(reached))
    ]
    if better:
        return max(better, key=lambda c: (quality(c), -expected[c].p95_ms))
    fastest = min(expected, key=lambda c: (expected[c].p95_ms, -expected[c].scenes_per_s))
    finest = max(expected, key=lambda c: (quality(c), -expected[c].p95_ms))
    return next((c for c in (fastest, finest) if c not in shown), None)


def _corrections(
    expected: Mapping[Candidate, Estimate], shown: Mapping[Candidate, ShowFigures]
) -> tuple[float, float]:
    """How many times slower shows were than expected, and their scenes a second as a share."""
    known = [(expected[c], s) for c, s in shown.items() if c in expected]
    if not known:
        return 1.0, 1.0
    return (
        statistics.median(s.p95_ms / e.p95_ms for e, s in known),
        statistics.median(s.scenes_per_s / e.scenes_per_s for e, s in known),
    )


def pareto(results: Sequence[Result]) -> list[Result]:
    """Return those that no other beats in every respect, the fastest first."""
    front = [r for r in results if not any(_dominates(other, r) for other in results)]
    return sorted(front, key=lambda r: r.shown.p95_ms)


def _dominates(one: Result, other: Result) -> bool:
    ours, theirs = _figures(one), _figures(other)
    as_good = all(a >= b for a, b in zip(ours, theirs, strict=True))
    as_fine = one.quality >= other.quality
    return as_good and as_fine and (ours, one.quality) != (theirs, other.quality)


def _figures(result: Result) -> tuple[float, ...]:
    shown = result.shown
    return -shown.p95_ms, shown.scenes_per_s, -shown.memory_mb


def best(results: Sequence[Result], goal: Goal) -> tuple[Result, bool]:
    """Return the best of at least one result, and whether it reaches the goal.

    Of those that do it is the one of best quality, then the fastest; where none does, the fastest.
    """
    meeting = [r for r in results if goal.is_met(r.shown.p95_ms, r.shown.scenes_per_s)]
    if meeting:
        return max(meeting, key=lambda r: (r.quality, -r.shown.p95_ms)), True
    return min(results, key=lambda r: (r.shown.p95_ms, -r.shown.scenes_per_s)), False
