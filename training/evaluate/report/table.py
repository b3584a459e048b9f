"""The table that an evaluation prints: every figure with its targets, its spread and its terms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.judge.scores import Figure

MORE, LESS = "more", "less"

TARGETS: dict[str, tuple[float, float, str, str]] = {
    "edge energy of a scene at 1920x1080, over the true picture's": (0.7, 0.9, "", MORE),
    "hearing accuracy, top-1": (76, 88, "%", MORE),
    "hearing accuracy, top-3": (90, 96, "%", MORE),
    "separation, 2 sources": (8, 11, "dB", MORE),
    "separation, 3 sources": (6, 9, "dB", MORE),
    "separate: files against 2 sounds, 48 kHz": (5, 9, "dB", MORE),
    "expected calibration error": (0.08, 0.04, "", LESS),
    "two sounds: both are the strongest names": (40, 60, "%", MORE),
    "two sounds: either is named a fifth of the time": (78, 90, "%", MORE),
    "two sounds: wrong names at a moment": (0.35, 0.15, "", LESS),
    "new sound to its first right name, median": (1.2, 0.6, "s", LESS),
    "changes of name, steady sound": (1, 0, "/min", LESS),
    "unknown sounds called unknown": (60, 85, "%", MORE),
    "known sounds called unknown": (10, 5, "%", LESS),
    "scene CRS-judge from true labels, 2 subjects": (80, 95, "%", MORE),
    "scene CRS-judge from mixed sound": (25, 50, "%", MORE),
    "panel R@1-judge from true labels": (90, 97, "%", MORE),
    "panel R@1-judge from mixed sound": (50, 75, "%", MORE),
    "few-step gap, 2 steps": (1.15, 1.05, "x", LESS),
    "few-step gap, 1 step": (1.4, 1.15, "x", LESS),
    "reaction to a new source, median": (1.5, 0.8, "s", LESS),
    "identity: swaps and splits, 3 sources": (3, 0.5, "/min", LESS),
    "hearing, 4 sounds, median": (40, 20, "ms", LESS),
    "scene + 4 panels, median": (150, 80, "ms", LESS),
    "all files of the bundle": (60, 40, "MB", LESS),
}
"""Rows with a first target and the one to push to: (first, push, unit, better)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    value: float
    """NaN where it was not measured; the note says why."""
    unit: str
    spread: float = math.nan
    """Half of the width of the 95 % interval, in the same unit; NaN where there is none."""
    count: int = 0
    """What the value is a mean or median of; 0 where that makes no sense."""
    first: float | None = None
    push: float | None = None
    better: str = MORE
    note: str = ""

    @property
    def reached(self) -> str:
        """ "push", "first", "short", or "" for a row without target or value."""
        if self.first is None or self.push is None or math.isnan(self.value):
            return ""
        sign = 1 if self.better == MORE else -1
        if sign * self.value >= sign * self.push:
            return "push"
        return "first" if sign * self.value >= sign * self.first else "short"

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON: what is not a number is null."""
        plain = {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in asdict(self).items()
        }
        return {**plain, "reached": self.reached}


def row(name: str, value: float, note: str = "", spread: float = math.nan, count: int = 0) -> Row:
    """The row of a target's name."""
    first, push, unit, better = TARGETS[name]
    return Row(name, value, unit, spread, count, first, push, better, note)


def share_row(name: str, found: Figure, note: str = "") -> Row:
    """A row in per cent of a share in [0, 1]; one of `TARGETS` if it bears such a name."""
    value, spread = 100 * found.mean, 100 * found.spread
    if name in TARGETS:
        return row(name, value, note, spread, found.count)
    return Row(name, value, "%", spread, found.count, note=note)


def unmeasured_rows(names: Sequence[str], reason: str) -> list[Row]:
    """Rows of targets that could not be measured, with the reason."""
    return [row(name, math.nan, f"not measured: {reason}") for name in names]


def table(rows: Sequence[Row]) -> str:
    """What people read."""
    width = max((len(each.name) for each in rows), default=0)
    head = (
        f"{'measure':<{width}}  {'measured':>18}  {'first':>6}  {'push':>6}  {'reached':<7}  "
        f"{'n':>5}  note"
    )
    lines = [head, "-" * len(head)]
    for each in rows:
        value = "-" if math.isnan(each.value) else f"{each.value:.3g}"
        if not math.isnan(each.value) and not math.isnan(each.spread):
            value += f" ± {each.spread:.2g}"
        first, push = ("" if t is None else f"{t:g}" for t in (each.first, each.push))
        lines.append(
            f"{each.name:<{width}}  {value + ' ' + each.unit:>18}  {first:>6}  {push:>6}  "
            f"{each.reached:<7}  {each.count or '':>5}  {each.note}".rstrip()
        )
    return "\n".join(lines)
