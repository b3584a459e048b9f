"""A measure with its target, and the table of many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_SIGNS = {"most": "<=", "least": ">="}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure."""

    name: str
    """What was measured."""
    value: float
    """NaN when it could not be measured; the note says why."""
    unit: str
    target: float | None = None
    """What it should reach; None for a figure that only informs."""
    better: str = "most"
    """'most': the target is the most it may be; 'least': the least."""
    note: str = ""
    """How many, over how long, or why not."""

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target or a value."""
        if self.target is None or math.isnan(self.value):
            return None
        return self.value <= self.target if self.better == "most" else self.value >= self.target


def missing_measure(
    name: str, unit: str, target: float, reason: str, better: str = "most"
) -> Measure:
    """Return a measure that could not be taken, with the reason."""
    return Measure(name, math.nan, unit, target, better, f"not measured: {reason}")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value under which `share` (0 to 1) of the values lie; NaN of none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1 if share else 0)]


def measure_table(measures: Sequence[Measure]) -> str:
    """Return the table that people read."""
    width = max(len(measure.name) for measure in measures)
    rows = [f"{'measure':<{width}}  {'value':>12}  {'target':>13}      note"]
    for measure in measures:
        value = "-" if math.isnan(measure.value) else f"{measure.value:.4g} {measure.unit}"
        target = (
            ""
            if measure.target is None
            else f"{_SIGNS[measure.better]} {measure.target:g} {measure.unit}"
        )
        mark = {True: "ok", False: "MISS", None: ""}[measure.reached]
        row = f"{measure.name:<{width}}  {value:>12}  {target:>13}  {mark:<4}  {measure.note}"
        rows.append(row.rstrip())
    return "\n".join(rows) + "\n"
