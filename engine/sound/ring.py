"""The last seconds of sound in a block of memory that two processes can share.

One writer (the capture process) and any number of readers, without locks: a writer that is killed
in the middle of a write leaves everything published before that write intact, and its successor
attaches to the same memory and goes on counting where the dead one stopped.

How a read stays whole. Before it touches the samples the writer raises `claimed`, the end of what
it is about to write; afterwards it publishes `written`. A reader copies and then looks at
`claimed`: whatever lies less than a capacity behind it cannot have been touched. What belongs
together (written, lost, captured_at_s) is published in the unused one of two slots, chosen by a
generation counter, so that a reader sees one write's values and never a mixture. All header fields
are aligned 64-bit words, which every machine that NumPy runs on stores in one piece.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from engine.packets import F32

_MAGIC = 0x31474E4952534753  # "SGSRING1", little endian
_HEADER_BYTES = 128
# int64 words of the header.
_MAGIC_AT, _CAPACITY, _GENERATION, _CLAIMED, _HEARTBEAT, _WRITERS = range(6)
# Two snapshots of four words each: written, lost, captured_at_s (a float64), spare.
_SNAPSHOTS = 8
_SNAPSHOT_WORDS = 4


class Overrun(LookupError):  # noqa: N818 - it is no error of the program, only of its pace
    """The samples asked for have been overwritten; read `written` and go on from there."""


class RingError(ValueError):
    """The memory holds no ring of this capacity."""


@dataclass(frozen=True, slots=True)
class RingState:
    """What the writer published with its latest write, seen as one."""

    written: int
    """Samples since the ring was made, lost ones included: the sample clock."""
    lost: int
    """How many of them never arrived and stand as zeros."""
    captured_at_s: float
    """time.monotonic() at which the last sample was in the air; 0.0 before the first."""


class SampleRing:
    """Mono float32 samples in [-1, 1], counted from the making of the ring."""

    def __init__(self, buffer: bytearray | memoryview, capacity: int) -> None:
        """Attach to `buffer`; zeroed memory becomes an empty ring, a ring that is there is kept.

        `buffer` is writable and at least `bytes_needed(capacity)` long (shared memory may be
        longer). Raises RingError if it is too short or holds something else.
        """
        if capacity < 1:
            raise RingError(f"a ring holds at least one sample, not {capacity}")
        view = memoryview(buffer).cast("B")
        if view.readonly or view.nbytes < self.bytes_needed(capacity):
            raise RingError(
                f"a ring of {capacity} samples needs {self.bytes_needed(capacity)} writable bytes, "
                f"the memory has {view.nbytes}"
            )
        self.capacity = capacity
        self._words = np.frombuffer(view, np.int64, _HEADER_BYTES // 8)
        self._times = self._words.view(np.float64)
        self._samples = np.frombuffer(view, np.float32, capacity, _HEADER_BYTES)
        if self._words[_MAGIC_AT] == 0:
            self._words[_CAPACITY] = capacity
            self._words[_MAGIC_AT] = _MAGIC
        elif self._words[_MAGIC_AT] != _MAGIC:
            raise RingError("the memory holds something else than a sample ring")
        elif self._words[_CAPACITY] != capacity:
            raise RingError(
                f"the ring holds {int(self._words[_CAPACITY])} samples, not {capacity}: "
                "both sides must be given the same capacity"
            )

    @staticmethod
    def bytes_needed(capacity: int) -> int:
        """Bytes of memory for a ring of `capacity` samples, header included."""
        return _HEADER_BYTES + 4 * capacity

    @classmethod
    def create(cls, capacity: int) -> SampleRing:
        """An empty ring in this process's own memory."""
        return cls(bytearray(cls.bytes_needed(capacity)), capacity)

    def close(self) -> None:
        """Let go of the memory, so that a SharedMemory under it can be closed. Use no more."""
        self._words = self._times = np.zeros(0, np.int64)
        self._samples = np.zeros(0, np.float32)

    # --- reading -------------------------------------------------------------------------------

    def state(self) -> RingState:
        """Written, lost and captured_at_s as one write left them."""
        words = self._words
        while True:
            generation = int(words[_GENERATION])
            at = _SNAPSHOTS + _SNAPSHOT_WORDS * (generation & 1)
            written, lost = int(words[at]), int(words[at + 1])
            captured_at_s = float(self._times[at + 2])
            # The writer fills the other slot first: ours is whole unless it has moved on since.
            if int(words[_GENERATION]) == generation:
                return RingState(written, lost, captured_at_s)

    @property
    def written(self) -> int:
        """Samples since the ring was made, lost ones included."""
        return self.state().written

    @property
    def lost(self) -> int:
        """Samples that never arrived and stand as zeros."""
        return self.state().lost

    @property
    def captured_at_s(self) -> float:
        """time.monotonic() at which the last sample was in the air; 0.0 before the first."""
        return self.state().captured_at_s

    @property
    def heartbeat_s(self) -> float:
        """time.monotonic() of the writer's last sign of life; 0.0 before the first."""
        return float(self._times[_HEARTBEAT])

    @property
    def oldest(self) -> int:
        """Index of the oldest sample that can still be read."""
        return max(0, int(self._words[_CLAIMED]) - self.capacity)

    def read(self, first: int, end: int) -> F32:
        """A copy of samples first..end-1, (end - first,).

        Raises Overrun if the writer has overwritten any of them, also while they were being
        copied, and ValueError for samples that are not written yet or never will be.
        """
        if not 0 <= first <= end:
            raise ValueError(f"samples {first} to {end} are no range of samples")
        written = self.written
        if end > written:
            raise ValueError(f"sample {end - 1} is not there yet: {written} are written")
        self._raise_if_gone(first, end)
        at, n = first % self.capacity, end - first
        head = min(n, self.capacity - at)
        out = np.empty(n, np.float32)
        out[:head] = self._samples[at : at + head]
        out[head:] = self._samples[: n - head]
        self._raise_if_gone(first, end)
        return out

    def _raise_if_gone(self, first: int, end: int) -> None:
        if first < end and first < self.oldest:
            raise Overrun(
                f"samples {first} to {end} are gone, the ring starts at {self.oldest}: "
                "the reader is too slow"
            )

    # --- writing -------------------------------------------------------------------------------

    def write(self, samples: F32, captured_at_s: float, lost: int = 0) -> None:
        """Append `lost` zeros and then `samples` (n,), whose last was in the air at captured_at_s.

        Lost samples are written, so that the sample clock stays true through a gap, and counted.
        One writer at a time. Raises ValueError for anything that is not one run of samples.
        """
        samples = np.asarray(samples, np.float32)
        if samples.ndim != 1 or lost < 0:
            raise ValueError(
                f"a write takes samples (n,) and lost >= 0, not {samples.shape} and {lost}"
            )
        state = self.state()
        begin = state.written + lost
        end = begin + samples.size
        words = self._words
        # A predecessor killed in mid-write may have claimed, and spoilt, more than we will.
        words[_CLAIMED] = max(int(words[_CLAIMED]), end)
        self._put(state.written, np.zeros(min(lost, self.capacity), np.float32), begin)
        self._put(begin, samples[-self.capacity :], end)

        generation = int(words[_GENERATION]) + 1
        at = _SNAPSHOTS + _SNAPSHOT_WORDS * (generation & 1)
        words[at], words[at + 1] = end, state.lost + lost
        self._times[at + 2] = captured_at_s
        words[_GENERATION] = generation
        self.beat()

    def _put(self, first: int, samples: F32, end: int) -> None:
        """Lay samples so that the last stands at end - 1; what does not fit is left out."""
        if samples.size == 0:
            return
        at = max(first, end - samples.size) % self.capacity
        head = min(samples.size, self.capacity - at)
        self._samples[at : at + head] = samples[:head]
        self._samples[: samples.size - head] = samples[head:]

    def beat(self) -> None:
        """Show that the writer lives although no sound arrives."""
        self._times[_HEARTBEAT] = time.monotonic()

    def gap(self, samples: int, captured_at_s: float, sample_rate_hz: int) -> int:
        """How many samples are missing before a block of `samples` that ends at captured_at_s.

        Counts by the clock, for a writer that takes over after another was killed or its device
        was lost: `ring.write(x, t, lost=ring.gap(x.size, t, rate))`. 0 on an empty ring.
        """
        state = self.state()
        if state.written == 0:
            return 0
        elapsed = round((captured_at_s - state.captured_at_s) * sample_rate_hz)
        return max(0, elapsed - samples)
