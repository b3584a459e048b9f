"""The slow wandering of all that stands still, so that no pixel of a screen burns in."""

from __future__ import annotations

STEP_S = 30.0
"""From one place to the next, which is one pixel away: nobody sees it move."""


def wander_at(now_s: float, most: int) -> tuple[int, int]:
    """Return how many pixels right and down things stand from their place, from -most to most.

    now_s: seconds since they were in their place. Every place of the square is visited for the same
    time, line after line, there and back.
    """
    side = 2 * most + 1
    last = side * side - 1
    step = (int(now_s / STEP_S) + last // 2) % max(2 * last, 1)
    line, along = divmod(min(step, 2 * last - step), side)
    if line % 2:
        along = side - 1 - along
    return along - most, line - most
