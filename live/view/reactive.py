"""The reactive layer's reading of the newest sound, taken at the moment it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from engine.sound.reactive import Reactive, ReactiveMeter
from engine.sound.ring import Overrun, SampleRing
from live.input.shared_ring import RING_HZ

CATCH_UP = RING_HZ // 2
"""After a pause no more than so many samples are looked at."""


class ReactiveView:
    """Reads the newest samples of the ring whenever it is asked; never waits."""

    def __init__(self, ring: SampleRing) -> None:
        self.meter = ReactiveMeter(RING_HZ)
        self.pulse: Callable[[], float] | None = None
        """How much of a beat there is at a moment, in [0, 1]; None without one. Free to change."""
        self._ring = ring
        self._at = 0
        self._now = Reactive()
        self._looking = threading.Lock()

    def now(self) -> Reactive:
        """Return the reading after the newest sample; any thread may ask."""
        heard, pulse = self._heard(), self.pulse
        return heard if pulse is None else replace(heard, onset=max(heard.onset, pulse()))

    def _heard(self) -> Reactive:
        if not self._looking.acquire(blocking=False):
            return self._now  # another thread is just reading the same samples
        try:
            written = self._ring.written
            first = max(self._at, written - CATCH_UP)
            if written > first:
                self._now = self.meter.push(self._ring.read(first, written))
                self._at = written
        except Overrun:
            self._at = self._ring.written
        finally:
            self._looking.release()
        return self._now
