"""The tuning itself: costs first, then real shows of what promises most, within minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.bench.measure import percentile
from live.bench.show import show_measures
from live.errors import UserError
from live.progress import step_progress
from live.tuning.candidates import Candidate, Engine, Sweep
from live.tuning.choosing import Goal, Quality, Result, next_to_show
from live.tuning.costs import estimate, measure_costs
from live.tuning.measurements import MeasurementCache, ShowFigures

if TYPE_CHECKING:
    from live.settings.model import Settings

SHOWS, QUICK_SHOWS = 8, 2
"""Most real shows in a run."""
SHOW_S, QUICK_SHOW_S = 8.0, 3.0


@dataclass(frozen=True, slots=True)
class TuningResult:
    """What came of a tuning."""

    results: tuple[Result, ...]
    """Every candidate of the sweep that was shown, now or earlier."""
    considered: int
    """Combinations whose figures were worked out from the costs."""
    failed: tuple[str, ...]
    """A line for everything that could not be measured."""


def tune(
    sweep: Sweep, settings: Settings, goal: Goal, quality: Quality, measured: MeasurementCache,
    quick: bool,
) -> TuningResult:  # fmt: skip
    """Measure what is not known yet; everything is kept in `measured` as soon as it is there.

    Raises:
        UserError: no engine can run the bundle, or no show could be measured.
    """
    shows = QUICK_SHOWS if quick else SHOWS
    with step_progress("tuning", len(sweep.engines) + shows) as bar:

        def doing(what: str) -> None:
            bar.set_postfix_str(what)

        engines, failed = _measure_engines(sweep, settings, measured, quick, bar.update, doing)
        candidates = list(sweep.candidates(engines))
        estimates = {c: estimate(c, measured.costs[str(c.engine)]) for c in candidates}
        for _ in range(shows):
            known = {c: measured.shows[c.key] for c in estimates if c.key in measured.shows}
            chosen = next_to_show(estimates, known, goal, quality)
            if chosen is None:
                break
            doing(f"a show: {chosen}, {chosen.engine}")
            try:
                shown = _measure_show(chosen, settings, quick)
                measured.add_show(chosen.key, shown)
            except UserError as error:
                failed.append(f"{chosen}, {chosen.engine}: {error}")
                del estimates[chosen]
            bar.update(1)
    results = tuple(
        Result(c, measured.shows[c.key], quality(c)) for c in estimates if c.key in measured.shows
    )
    if not results:
        raise UserError(f"no show could be measured: {'; '.join(failed)}")
    return TuningResult(results, len(candidates), tuple(failed))


def _measure_engines(
    sweep: Sweep, settings: Settings, measured: MeasurementCache, quick: bool,
    step: Callable[[int], object], doing: Callable[[str], None],
) -> tuple[list[Engine], list[str]]:
    """Measure the engines not known yet; return those that can be used, and why others cannot."""
    usable, failed = [], []
    for engine in sweep.engines:
        if str(engine) not in measured.costs:
            doing(f"the models in {engine}")
            try:
                measured.add_costs(str(engine), measure_costs(engine, sweep, settings, quick))
            except UserError as error:
                failed.append(f"{engine}: {error}")
                continue
            finally:
                step(1)
        usable.append(engine)
    if not usable:
        raise UserError(f"no runtime can run the bundle: {'; '.join(failed)}")
    return usable, failed


def _measure_show(candidate: Candidate, settings: Settings, quick: bool) -> ShowFigures:
    seconds = QUICK_SHOW_S if quick else SHOW_S
    measures, noted = show_measures(candidate.settings(settings), seconds, microphone=not quick)
    ages = noted["ages_ms"]
    if not ages:
        # Nothing was painted in time: as bad as a figure can be and still be one.
        ages = [1000 * seconds]
    memory = next(m.value for m in measures if m.unit == "MB")
    return ShowFigures(
        percentile(ages, 0.50), percentile(ages, 0.95), noted["scenes_per_s"], memory,
        len(noted["ages_ms"]), noted["dropped"],
    )  # fmt: skip
