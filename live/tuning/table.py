"""The table of what was measured, for people."""

from __future__ import annotations

from collections.abc import Sequence

from live.tuning.choosing import Goal, Result


def results_table(front: Sequence[Result], chosen: Result, goal: Goal) -> str:
    """Return the Pareto front as a table; numbers are those of the plot."""
    head: tuple[str, ...] = (
        *("", "s-to-p p95", "scenes/s", "memory"),
        *("quality setting", "runtime", ""),
    )
    rows: list[tuple[str, ...]] = [head]
    for number, result in enumerate(front, 1):
        shown = result.shown
        marks = ["meets it"] if goal.is_met(shown.p95_ms, shown.scenes_per_s) else []
        marks += ["<- chosen"] if result is chosen else []
        rows.append(
            (
                str(number), f"{shown.p95_ms:.0f} ms", f"{shown.scenes_per_s:.1f}",
                f"{shown.memory_mb:.0f} MB", str(result.candidate), str(result.candidate.engine),
                " ".join(marks),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        cells = [
            text.ljust(width) if column >= 4 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"
