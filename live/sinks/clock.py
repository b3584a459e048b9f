"""The time of a stream: that of the sound, so that picture and sound stay together for weeks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np

from engine.packets import F32
from engine.sound.ring import Overrun, SampleRing
from live.input.shared_ring import RING_HZ

LATE_S = 1.0
"""Pictures that should have been sent longer ago are left out."""


class StreamClock:
    """Counts from the newest sample there is when it is made.

    By the sample clock, which is that of the device: a clock of the computer would be seconds off
    after a week.
    """

    def __init__(self, ring: SampleRing) -> None:
        """ring: holds sound already."""
        self._ring = ring
        state = ring.state()
        self._first = self._at = state.written

    def now_s(self) -> float:
        """Return how long the stream has been going."""
        return self.at_s(time.monotonic())

    def at_s(self, moment_s: float) -> float:
        """Return how long it had been going at a moment of time.monotonic(), of a second ago, say;
        negative before it began."""
        state = self._ring.state()
        return (state.written - self._first) / RING_HZ + moment_s - state.captured_at_s

    def new_sound(self) -> F32:
        """Return the samples (n,) since the last call; zeros for those that are gone."""
        first, self._at = self._at, self._ring.written
        try:
            return self._ring.read(first, self._at)
        except Overrun:
            return np.zeros(self._at - first, np.float32)


def ticks(clock: StreamClock, rate: int, over: threading.Event) -> Iterator[int]:
    """Yield the number of each picture of a fixed rate when it is due, until `over` is set.

    After a pause of more than LATE_S it goes on with the number that is due by then.
    """
    number = 0
    while not over.is_set():
        ahead_s = number / rate - clock.now_s()
        if ahead_s > 0:
            over.wait(min(ahead_s, LATE_S))
            continue
        if ahead_s < -LATE_S:
            number = int(clock.now_s() * rate)
        yield number
        number += 1
