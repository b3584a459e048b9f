"""The rest of a show outside its hours: it fades to black, and out of it again."""

from __future__ import annotations

import time
from collections.abc import Callable

FADE_S = 4.0
"""A picture that is gone at once looks as if something had failed."""


class Rest:
    """Whether a show rests, and how dark it is meanwhile. Any thread may look."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin awake. clock: gives monotonic seconds."""
        self._clock = clock
        self._turn = (False, -FADE_S)
        """Whether it rests, and the moment at which it would have begun to change from the other
        end; replaced as one."""

    @property
    def on(self) -> bool:
        """Whether it rests, or is on its way to."""
        return self._turn[0]

    @property
    def dark(self) -> float:
        """How dark the picture is, from 0 (as it was painted) to 1 (black)."""
        on, began_s = self._turn
        part = min(max((self._clock() - began_s) / FADE_S, 0.0), 1.0)
        return part if on else 1.0 - part

    def turn(self, on: bool) -> None:
        """Go to rest or wake, from what is seen now."""
        if on != self.on:
            passed = self.dark if on else 1.0 - self.dark
            self._turn = (on, self._clock() - FADE_S * passed)
