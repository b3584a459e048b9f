"""Whether a show goes on: since when capture, hearing, painting and drawing have not moved."""

from __future__ import annotations

from collections.abc import Mapping

STALLED_S = 5.0
"""A stage that has not moved for so long stands still."""
SAID = {
    "capture": "no sound has come from the input",
    "hearing": "nothing has been heard",
    "painting": "nothing has been painted",
    "drawing": "the window has not drawn",
}
"""The stages of a show, in their order, and what it means that one stands still."""


def stages_at_rest(moved_at_s: Mapping[str, float], now_s: float) -> dict[str, float]:
    """Return for how many seconds each stage has not moved, by the moments at which each last did.

    A stage that rests on purpose (pictures that are held, a show outside its hours) moves as long
    as it looks whether it is wanted.
    """
    return {stage: max(0.0, now_s - moved_at_s[stage]) for stage in SAID if stage in moved_at_s}


def stalled_line(at_rest: Mapping[str, float], longest_s: float = STALLED_S) -> str | None:
    """Return in one line what stands still, the first stage of a row of them; None if all goes on.

    A stage that gets nothing stands still with the one before it: only the first is named.
    """
    for stage, seconds in at_rest.items():
        if seconds > longest_s:
            return f"{stage} stands still: {SAID[stage]} for {seconds:.0f} s"
    return None
