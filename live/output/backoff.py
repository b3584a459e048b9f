"""Exponential backoff: how long to wait before what failed is tried again."""

from __future__ import annotations

import time

FIRST_S, LONGEST_S = 0.5, 30.0
CALM_S = 60.0
"""After so long without a failure the next pause is a short one again."""


class Backoff:
    """A first pause, then twice as long each time, up to thirty seconds."""

    def __init__(self, first_s: float = FIRST_S) -> None:
        """Begin with the shortest."""
        self._first_s = self._next_s = first_s
        self._over_s = 0.0

    def next_delay_s(self) -> float:
        """Return how long to wait after a failure just now."""
        now_s = time.monotonic()
        if now_s - self._over_s > CALM_S:
            self._next_s = self._first_s
        pause_s, self._next_s = self._next_s, min(2 * self._next_s, LONGEST_S)
        self._over_s = now_s + pause_s
        return pause_s
