"""The newest samples of some channels, addressed by their absolute sample index."""

from __future__ import annotations

import numpy as np

from engine.packets import F32


class History:
    """Keeps at least the last `length` samples of `channels` channels in one piece of memory.

    Samples are moved once per `length` appended samples, so that a range of them is always a plain
    view and an append costs what is appended.
    """

    def __init__(self, channels: int, length: int) -> None:
        self._length = length
        self._data = np.zeros((channels, 2 * length), np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget everything: before sample 0 there are zeros."""
        self._data[:, : self._length] = 0.0
        self._fill = self._length
        self.end = 0
        """One past the newest sample, counted from the last reset."""

    def append(self, samples: F32) -> None:
        """Add samples (channels, n), newest last."""
        n = samples.shape[1]
        self.end += n
        if n >= self._length:
            self._data[:, : self._length] = samples[:, n - self._length :]
            self._fill = self._length
            return
        if self._fill + n > self._data.shape[1]:
            keep = self._length
            self._data[:, :keep] = self._data[:, self._fill - keep : self._fill]
            self._fill = keep
        self._data[:, self._fill : self._fill + n] = samples
        self._fill += n

    def between(self, first: int, end: int) -> F32:
        """A view (channels, end - first) of those samples, valid until the next append.

        Indices below 0 are silence. Raises LookupError for samples that are not there (yet, or no
        longer).
        """
        if end > self.end or first < self.end - self._length or first > end:
            raise LookupError(
                f"samples {first} to {end} are not kept: "
                f"there are {self.end - self._length} to {self.end}"
            )
        return self._data[:, self._fill - (self.end - first) : self._fill - (self.end - end)]
