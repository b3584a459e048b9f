"""Choosing: what is expected, what is shown next, what stands on the front, what is the best."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bundle.load import load_bundle
from live.settings.model import Settings
from live.tuning.candidates import UNGOVERNED_MS, Candidate, Engine, sweep
from live.tuning.choosing import Goal, Result, best, next_to_show, pareto
from live.tuning.costs import Estimate, estimate, hearing_key, painting_key
from live.tuning.measurements import ShowFigures

FAST, SLOW = Engine("openvino", 2), Engine("onnxruntime", 2)
GOAL = Goal(target_ms=150.0, min_scenes=8.0)


def candidate(
    steps: int = 1, pace: int = 1, hop_s: float = 0.2, engine: Engine = FAST, size: float = 1.0
) -> Candidate:
    return Candidate(4.0, hop_s, steps, size, 4, pace, engine)


def quality(each: Candidate) -> tuple[float, ...]:
    return each.quality(4.0, 0.2)


def shown(p95_ms: float, scenes: float, memory_mb: float = 500.0) -> ShowFigures:
    return ShowFigures(0.8 * p95_ms, p95_ms, scenes, memory_mb, 40, 0)


def result(each: Candidate, p95_ms: float, scenes: float, memory_mb: float = 500.0) -> Result:
    return Result(each, shown(p95_ms, scenes, memory_mb), quality(each))


def test_the_sweep_is_every_combination_once(small_bundle: Path) -> None:
    manifest = load_bundle(small_bundle).manifest
    whole = sweep(manifest, 4, ("onnxruntime", "openvino"), cores=4, quick=False)
    assert whole.engines == (
        Engine("onnxruntime", 4),
        Engine("onnxruntime", 2),
        Engine("openvino", 4),
        Engine("openvino", 2),
        Engine("openvino", 4, "float32"),
    )
    assert whole.windows_s == (2.0, 3.0, 4.0)
    assert whole.steps == (1, 2)
    every = list(whole.candidates(whole.engines))
    assert len(every) == len({c.key for c in every}) == 5 * 3 * 4 * 2 * 3 * 3
    assert len(sweep(manifest, 0, ("openvino",), 1, quick=False).paces) == 1
    small = sweep(manifest, 4, ("openvino",), 4, quick=True)
    assert len(list(small.candidates(small.engines))) < 10


def test_a_candidate_is_shown_as_it_is_with_nothing_given_up() -> None:
    engine = Engine("openvino", 2, "float32")
    made = candidate(2, 4, 0.3, engine, 0.75).settings(Settings(seed=7, input="demo"))
    assert (made.steps, made.panels_every, made.hop_s, made.size) == (2, 4, 0.3, 0.75)
    assert made.precision == "float32"
    assert (made.runtime, made.threads, made.target_ms) == ("openvino", 2, UNGOVERNED_MS)
    assert (made.seed, made.input) == (7, "demo")


def test_quality_puts_hearing_before_size_before_steps_before_panels() -> None:
    ranked = [
        Candidate(2.0, 0.2, 2, 1.0, 4, 1, FAST),
        candidate(2, 1, 0.5),
        candidate(2, 1, size=0.5),
        candidate(2, 1, size=0.75),
        candidate(1, 2),
        candidate(1, 1),
        candidate(2, 4),
        candidate(2, 1),
    ]
    assert sorted(ranked, key=quality) == ranked
    assert quality(candidate(hop_s=0.1)) == quality(candidate(hop_s=0.2))


def test_what_is_expected_follows_from_the_costs() -> None:
    costs = {
        "hear_ms": {hearing_key(4.0, 0.2): 60.0},
        "paint_ms": {painting_key(1, 1.0, 1): (40.0, 100.0), painting_key(1, 1.0, 4): (40.0, 25.0)},
    }
    whole, rare = (estimate(candidate(1, pace), costs) for pace in (1, 4))
    assert whole.p95_ms == rare.p95_ms == pytest.approx(130.0)
    assert whole.scenes_per_s == pytest.approx(5.0)
    assert rare.scenes_per_s == pytest.approx(700 / 65)
    costs["paint_ms"][painting_key(2, 1.0, 1)] = (160.0, 100.0)
    late = estimate(candidate(2, 1), costs)
    assert late.p95_ms > 200
    assert 0 < late.scenes_per_s < 5


def test_shows_go_from_the_best_hope_to_what_really_reaches_the_goal() -> None:
    """The machine is half as fast as its models alone; the search finds what still suits it."""
    hopes = {
        candidate(2, 1): Estimate(140.0, 9.0),
        candidate(2, 4): Estimate(140.0, 14.0),
        candidate(1, 1): Estimate(90.0, 12.0),
        candidate(1, 4): Estimate(70.0, 20.0),
        candidate(1, 1, engine=SLOW): Estimate(120.0, 10.0),
    }
    known: dict[Candidate, ShowFigures] = {}
    order = []
    while (each := next_to_show(hopes, known, GOAL, quality)) is not None:
        order.append(each)
        known[each] = shown(2 * hopes[each].p95_ms, 0.7 * hopes[each].scenes_per_s)
    assert order[:2] == [candidate(2, 1), candidate(1, 4)]
    assert len(order) == 2, "nothing else could reach the goal, and both ends have been shown"
    results = [Result(c, s, quality(c)) for c, s in known.items()]
    assert best(results, GOAL) == (results[1], True)


def test_a_hope_that_comes_true_ends_the_search_at_both_ends() -> None:
    hopes = {
        candidate(2, 1): Estimate(300.0, 5.0),
        candidate(1, 1): Estimate(120.0, 12.0),
        candidate(1, 4): Estimate(100.0, 18.0),
    }
    known: dict[Candidate, ShowFigures] = {}
    order = []
    while (each := next_to_show(hopes, known, GOAL, quality)) is not None:
        order.append(each)
        known[each] = shown(hopes[each].p95_ms, hopes[each].scenes_per_s)
    assert order == [candidate(1, 1), candidate(1, 4), candidate(2, 1)]


def test_the_front_holds_what_nothing_beats() -> None:
    fine = result(candidate(2, 1), 200.0, 6.0)
    fast = result(candidate(1, 1), 100.0, 12.0)
    worse = result(candidate(1, 1, engine=SLOW), 120.0, 10.0)
    lean = result(candidate(1, 1, 0.1, SLOW), 130.0, 10.0, memory_mb=300.0)
    assert pareto([fine, worse, fast, lean]) == [fast, lean, fine]


def test_where_nothing_reaches_the_goal_it_is_the_fastest() -> None:
    slow, slower = result(candidate(1), 400.0, 3.0), result(candidate(2), 600.0, 2.0)
    assert best([slower, slow], GOAL) == (slow, False)
    assert best([slow, result(candidate(1, 4), 149.0, 7.9)], GOAL)[1] is False
