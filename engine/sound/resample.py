"""Changes the rate of a stream, the same way whatever the sizes of the pieces it arrives in."""

from __future__ import annotations

import numpy as np
import soxr

from engine.packets import F32

PIECE = 480
"""Input samples that the resampler is fed at a time: 10 ms at 48 kHz."""


class StreamResampler:
    """Mono float32 from one rate to another with soxr; output sample 0 is at input sample 0.

    soxr's rounding depends on how much it is given at once, hence the fixed pieces. What is not
    yet a whole piece waits for the next call, so the output is late by up to a piece beside the
    filter's own delay, both of which `delay_s` tells.
    """

    def __init__(self, from_hz: int, to_hz: int, quality: str = "HQ") -> None:
        """Raises ValueError for a rate below 1 Hz."""
        if from_hz < 1 or to_hz < 1:
            raise ValueError(f"cannot resample from {from_hz} Hz to {to_hz} Hz")
        self.from_hz = from_hz
        self.to_hz = to_hz
        self._quality = quality
        self.reset()

    def reset(self) -> None:
        """Begin again as if nothing had been given."""
        self._soxr = soxr.ResampleStream(self.from_hz, self.to_hz, 1, "float32", self._quality)
        self._waiting = np.zeros(0, np.float32)
        self._given = 0
        self._made = 0

    @property
    def delay_s(self) -> float:
        """Seconds of sound that went in and have not come out yet."""
        return max(0.0, self._given / self.from_hz - self._made / self.to_hz)

    def process(self, samples: F32) -> F32:
        """Take samples (n,) at from_hz, give what is ready at to_hz, (m,); m may be 0."""
        self._given += samples.size
        if self.from_hz == self.to_hz:
            self._made += samples.size
            return np.array(samples, np.float32)
        waiting = np.concatenate([self._waiting, samples]) if self._waiting.size else samples
        whole = waiting.size - waiting.size % PIECE
        out = [self._soxr.resample_chunk(piece) for piece in waiting[:whole].reshape(-1, PIECE)]
        self._waiting = np.array(waiting[whole:], np.float32)
        return self._join(out)

    def flush(self) -> F32:
        """The rest of a stream that has ended, (m,); the next process() begins a new stream."""
        if self.from_hz == self.to_hz:
            self.reset()
            return np.zeros(0, np.float32)
        rest = self._join([self._soxr.resample_chunk(self._waiting, last=True)])
        self.reset()
        return rest

    def _join(self, pieces: list[F32]) -> F32:
        out = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
        self._made += out.size
        return out
