"""What a soak has shown, in measures and a table of its faults."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from live.bench.measure import Measure, percentile
from live.soak.faults import FAULTS
from live.soak.reports import Report
from live.soak.run import Done, Soaked

WARM_S = 600.0
"""Memory and handles count after so much, or a third of a run that is shorter than twice that."""
HOUR_S = 3600.0
PARTS = 20


def measures_of(soaked: Soaked) -> list[Measure]:
    """Return the measures, the p95 of each hour among them."""
    reports = [each for each in soaked.reports if each.at_s >= soaked.began_s]
    survived = sum(each.back_s is not None for each in soaked.done)
    counted = after_warming(reports, soaked.began_s)
    lost, beside = lost_samples(reports, soaked.done)
    last_s = reports[-1].at_s - soaked.began_s if reports else 0.0
    return [
        Measure(
            "faults not survived", len(soaked.done) - survived, "", 0.0,
            note=f"of {len(soaked.done)}",
        ),
        Measure(
            "ends of the show", float(soaked.code != 143), "", 0.0,
            note=f"it was told to end after {last_s / 60:.1f} min; exit code {soaked.code}",
        ),
        Measure(
            "samples lost outside device loss", lost, "", 0.0,
            note=f"{beside} more while there was no microphone",
        ),
        Measure(
            "memory slope", slope_per_hour(least_memory(counted)),
            "MB/h", 1.0,
            note=_range_note([each.memory_mb for each in counted], "MB"),
        ),
        Measure(
            "handles that stay open, more", handles_more(counted), "", 1.0,
            note=_range_note([each.handles for each in counted], "open"),
        ),
        *(
            Measure(
                f"sound-to-picture p95, hour {hour}", p95, "ms",
                note=f"median of its minutes; the worst {worst:.0f} ms",
            )
            for hour, (p95, worst) in enumerate(p95_by_hour(reports, soaked.began_s), 1)
        ),
    ]  # fmt: skip


def after_warming(reports: Sequence[Report], began_s: float) -> list[Report]:
    """Return the reports that count for what grows."""
    if not reports:
        return []
    warm_s = min(WARM_S, (reports[-1].at_s - began_s) / 3)
    return [each for each in reports if each.at_s >= began_s + warm_s]


def lost_samples(reports: Sequence[Report], done: Sequence[Done]) -> tuple[int, int]:
    """Return the samples lost outside and during the loss of a device."""
    spans = [
        (each.began_s, each.back_s or math.inf) for each in done if FAULTS[each.kind].costs_sound
    ]
    outside = inside = 0
    for before, after in pairwise(reports):
        lost = max(0, after.lost - before.lost)
        during = any(begin <= after.at_s and before.at_s <= end for begin, end in spans)
        outside, inside = (outside, inside + lost) if during else (outside + lost, inside)
    return outside, inside


def least_memory(reports: Sequence[Report]) -> list[tuple[float, float]]:
    """Return the least memory of each of PARTS parts of a run, as (seconds, MB).

    What comes and goes again, such as a process that builds engines, is not what grows.
    """
    size = max(1, len(reports) // PARTS)
    parts = [reports[at : at + size] for at in range(0, len(reports), size)]
    least = [min(part, key=lambda each: each.memory_mb) for part in parts]
    return [(each.at_s, each.memory_mb) for each in least]


def slope_per_hour(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much a value rises an hour, fitted to (seconds, value); NaN of too few."""
    if len(points) < 3:
        return math.nan
    at_s, values = np.array(points).T
    return float(np.polyfit(at_s - at_s[0], values, 1)[0]) * HOUR_S


def handles_more(reports: Sequence[Report]) -> float:
    """Return by how many the fewest open handles of the second half are more than those of the
    first: what is opened and closed again comes and goes, what is left open stays. NaN of too few.
    """
    half = len(reports) // 2
    if not half:
        return math.nan
    fewest = [min(each.handles for each in part) for part in (reports[:half], reports[half:])]
    return float(fewest[1] - fewest[0])


def p95_by_hour(reports: Sequence[Report], began_s: float) -> list[tuple[float, float]]:
    """Return for each hour the median and the most of its minutes' p95, in ms."""
    hours: dict[int, dict[int, float]] = {}
    for each in reports:
        if each.p95_ms is not None:
            minute = int((each.at_s - began_s) / 60)
            hours.setdefault(minute // 60, {})[minute] = each.p95_ms  # the last of the minute
    return [
        (percentile(list(minutes.values()), 0.5), max(minutes.values()))
        for _, minutes in sorted(hours.items())
    ]


def fault_table(done: Sequence[Done]) -> str:
    """Return how often each fault was done and survived, and how soon the show went on."""
    width = max(map(len, FAULTS))
    rows = [f"{'fault':<{width}}  times  survived  back after, median / longest"]
    for kind in FAULTS:
        of_kind = [each for each in done if each.kind == kind]
        took = [each.back_s - each.over_s for each in of_kind if each.back_s is not None]
        said = f"{statistics.median(took):.1f} / {max(took):.1f} s" if took else "-"
        rows.append(f"{kind:<{width}}  {len(of_kind):>5}  {len(took):>8}  {said}")
    return "\n".join(rows) + "\n"


def _range_note(values: Sequence[float], what: str) -> str:
    return f"{min(values):.0f} to {max(values):.0f} {what}" if values else ""
