"""Several channels made one so that nothing cancels: their mean, or the loudest of them.

Where one channel is another turned round, as from a microphone with its wires swapped, their mean
is silence. There the loudest channel is taken. All other sound is the plain mean.
"""

from __future__ import annotations

import math

import numpy as np

from engine.packets import F32

STEP_S = 0.01
"""The choice is made for steps of so much sound, counted from its first sample."""
MEMORY_S = 0.2
CANCELS = 0.06
"""Share of its power that a mean may keep of what channels that know nothing of each other would
leave it; below, they work against each other."""
AGREES = 0.25
"""Share at which the mean is taken again."""
LOUDER = 2.0
"""Another channel is taken only when it has so many times the power."""


class MonoMix:
    """Makes (n, channels) mono, the same whatever the sizes of the pieces it arrives in.

    A change from one to the other is a cross-fade of one step. Up to a step waits for the next
    call; none does when pieces are whole steps.
    """

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self.step = max(64, round(STEP_S * sample_rate_hz))
        self._channels = channels
        self._keep = math.exp(-STEP_S / MEMORY_S)
        self._pending = np.zeros((0, channels), np.float32)
        self._powers = np.zeros(channels)
        self._mean_power = 0.0
        self._channel: int | None = None
        """The channel that is used; None for the mean of all."""
        self._begun = False

    @property
    def pending(self) -> int:
        """Samples per channel that `process` holds back until the next call."""
        return len(self._pending)

    def process(self, samples: F32) -> F32:
        """Take samples (n, channels); return the mono samples (m,) that are ready."""
        if self._channels == 1:
            return np.ascontiguousarray(samples[:, 0])
        joined = np.concatenate([self._pending, samples]) if self.pending else samples
        whole = len(joined) - len(joined) % self.step
        self._pending = np.array(joined[whole:], np.float32)
        return self._mix(np.ascontiguousarray(joined[:whole]))

    def flush(self) -> F32:
        """Return the samples held back, as mono (m,)."""
        rest, self._pending = self._pending, self._pending[:0]
        return self._mix(rest) if len(rest) else np.zeros(0, np.float32)

    def _mix(self, samples: F32) -> F32:
        mean = samples.mean(axis=1, dtype=np.float32)
        starts = range(0, len(samples), self.step)
        if not starts:
            return mean
        powers = np.add.reduceat(np.square(samples, dtype=np.float64), starts, axis=0)
        mean_powers = np.add.reduceat(np.square(mean, dtype=np.float64), starts)
        for at, power, mean_power in zip(starts, powers, mean_powers, strict=True):
            before, begun = self._channel, self._begun
            self._choose_channel(power, float(mean_power))
            if self._channel is None and (before is None or not begun):
                continue
            step = slice(at, at + self.step)
            plain = mean[step].copy()
            now = _pick(samples[step], plain, self._channel)
            if begun and before != self._channel:
                was = _pick(samples[step], plain, before)
                rise = (np.arange(len(plain), dtype=np.float32) + 0.5) / len(plain)
                now = was + rise * (now - was)
            mean[step] = now
        return mean

    def _choose_channel(self, power: F32, mean_power: float) -> None:
        """Take note of a step's powers and choose."""
        if not power.any():
            return
        self._begun = True
        self._powers = self._keep * self._powers + power
        self._mean_power = self._keep * self._mean_power + mean_power
        whole = self._channels**2 * self._mean_power / float(self._powers.sum())
        if whole >= (CANCELS if self._channel is None else AGREES):
            self._channel = None
            return
        loudest = int(np.argmax(self._powers))
        if self._channel is None or self._powers[loudest] > LOUDER * self._powers[self._channel]:
            self._channel = loudest


def _pick(samples: F32, mean: F32, channel: int | None) -> F32:
    return mean if channel is None else samples[:, channel]
