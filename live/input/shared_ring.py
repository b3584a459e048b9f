"""The ring of sound in memory that the capture process shares with the show.

Before the ring stand a few words that say who may write: the ring has one writer, and while the
microphone is away that is the show itself, which feeds it silence.
"""

from __future__ import annotations

import time

import numpy as np

from engine.sound.ring import SampleRing
from live.input.shared_memory import SharedMemory, unnamed_memory

RING_HZ = 48_000
"""Rate of the ring: what microphones and files are brought to."""
RING_S = 30.0
RING_SAMPLES = round(RING_HZ * RING_S)

_CONTROL_BYTES = 128
_TURN, _READY, _OVERFLOWS, _SOUNDED = range(4)


class SharedRing(SharedMemory):
    """A `SampleRing` and the words beside it, over memory that survives every process but the last.

    A writer has a number: 0 is the show, each capture process gets a new one.
    """

    SHOW = 0

    def __init__(self, fd: int, capacity: int = RING_SAMPLES) -> None:
        """Map the memory behind `fd`, as made by `create`; `fd` stays the caller's."""
        super().__init__(fd, _size(capacity))
        words = np.frombuffer(self._memory, np.int64, _CONTROL_BYTES // 8)
        self._words = words
        self._times = words.view(np.float64)
        self.ring = SampleRing(memoryview(self._memory)[_CONTROL_BYTES:], capacity)

    @classmethod
    def create(cls, capacity: int = RING_SAMPLES) -> SharedRing:
        """Make an empty ring whose writer is the show."""
        return cls(unnamed_memory(_size(capacity), "ring"), capacity)

    @property
    def active_writer(self) -> int:
        """Number of the one writer that may write now."""
        return int(self._words[_TURN])

    def set_writer(self, writer: int) -> None:
        """Make `writer` the active one; called by the show alone."""
        self._words[_TURN] = writer

    @property
    def ready_writer(self) -> int:
        """Number of the newest capture process that has sound to write."""
        return int(self._words[_READY])

    def mark_ready(self, writer: int) -> None:
        """Say that `writer`, a capture process, has sound and waits to become the active writer."""
        self._words[_READY] = writer

    @property
    def overflows(self) -> int:
        """How often a device said that it lost samples, since the ring was made."""
        return int(self._words[_OVERFLOWS])

    def count_overflow(self) -> None:
        """Count an overflow; called by the active capture process."""
        self._words[_OVERFLOWS] += 1

    @property
    def last_sound_at_s(self) -> float:
        """time.monotonic() at which something other than a constant last came; 0.0 before."""
        return float(self._times[_SOUNDED])

    def mark_sounding(self) -> None:
        """Note the time of a block that is not a constant; called by the active process."""
        self._times[_SOUNDED] = time.monotonic()


def _size(capacity: int) -> int:
    return _CONTROL_BYTES + SampleRing.bytes_needed(capacity)
