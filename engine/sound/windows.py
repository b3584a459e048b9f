"""Cuts a stream of samples into overlapping windows, one per hop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.packets import F32, Stamp, Window
from engine.sound.history import History


class Windows:
    """The last `window_s` seconds, every `hop_s`; window k ends at sample (k + 1) * hop.

    What comes out does not depend on the sizes of the pieces that go in.
    """

    def __init__(self, sample_rate_hz: int, window_s: float, hop_s: float) -> None:
        """Raises ValueError unless 0 < hop_s <= window_s and a hop has at least one sample."""
        self.sample_rate_hz = sample_rate_hz
        self.window = round(window_s * sample_rate_hz)
        self.hop = round(hop_s * sample_rate_hz)
        if not 1 <= self.hop <= self.window:
            raise ValueError(
                f"a hop of {hop_s} s does not suit a window of {window_s} s: "
                "it must be above 0 and at most the window"
            )
        self.epoch = 0
        self._history = History(1, self.window)
        self._next_id = 0

    def reset(self, epoch: int | None = None) -> None:
        """Begin again at sample 0 in an epoch, None for the next."""
        self.epoch = self.epoch + 1 if epoch is None else epoch
        self._history.reset()
        self._next_id = 0

    @property
    def end(self) -> int:
        """Samples pushed since the last reset."""
        return self._history.end

    @property
    def missing(self) -> int:
        """Samples until the next window is complete, at least 1."""
        return (self._next_id + 1) * self.hop - self.end

    def push(self, samples: F32, captured_at_s: float) -> Iterator[Window]:
        """Take samples (n,), the last in the air at captured_at_s; yield the windows they complete.

        The windows' samples are views that hold until the iterator is taken further or the next
        push: copy what must live longer. Exhaust the iterator, or samples are not taken in.
        """
        taken = 0
        while samples.size - taken >= self.missing:
            upto = taken + self.missing
            self._history.append(samples[None, taken:upto])
            taken = upto
            late_s = (samples.size - taken) / self.sample_rate_hz
            end = self._history.end
            stamp = Stamp(
                window_id=self._next_id,
                epoch=self.epoch,
                first_sample=end - self.window,
                end_sample=end,
                sample_rate_hz=self.sample_rate_hz,
                captured_at_s=captured_at_s - late_s,
            )
            self._next_id += 1
            yield Window(stamp, self._history.between(end - self.window, end)[0])
        self._history.append(np.atleast_2d(samples[taken:]))
