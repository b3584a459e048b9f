"""Loudness as ITU-R BS.1770-5 defines it: K-weighting, 400 ms blocks, two gates.

`loudness_lufs` measures a piece of sound; `LoudnessMeter` keeps measuring the last seconds of
several channels, alone, summed or in parts, without filtering anything twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.packets import F32
from engine.sound.biquads import filter_sections

F64 = NDArray[np.float64]

FLOOR_LUFS = -70.0
"""The absolute gate: silence, and anything too short to measure, is this loud."""
STEP_S = 0.1
"""Blocks of 400 ms overlap by 75 %: one begins every 100 ms."""
STEPS_PER_BLOCK = 4


@lru_cache(maxsize=16)
def k_weighting(sample_rate_hz: int) -> F64:
    """Second-order sections (2, 6) of the K-weighting filter.

    The analogue prototype that gives BS.1770's table at 48 kHz (to 1e-8; the parameters are those
    of libebur128), bilinear-transformed at any rate.
    """
    # Shelf: the head's boost of the treble.
    k = math.tan(math.pi * 1681.974450955533 / sample_rate_hz)
    q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [
        (high + band * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        1.0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    ]
    # High pass: the ear's deafness to the very low.
    k = math.tan(math.pi * 38.13547087602444 / sample_rate_hz)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    highpass = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    return np.array([shelf, highpass])


def loudness_lufs(samples: F32, sample_rate_hz: int) -> float:
    """Integrated loudness of mono samples (n,) in LUFS, at least -70.

    Shorter than one 400 ms block is too short to say: it is measured as the one block it would
    begin, so that a click counts little and an empty piece is -70.
    """
    if samples.size == 0:
        return FLOOR_LUFS
    sections = k_weighting(sample_rate_hz)
    silent = np.zeros((len(sections), 1, 2))
    weighted = filter_sections(sections, samples[None], silent)[0][0]
    step = round(STEP_S * sample_rate_hz)
    steps = max(STEPS_PER_BLOCK, weighted.size // step)
    padded = np.zeros(steps * step)
    padded[: weighted.size] = weighted[: padded.size]
    return gated_loudness(np.square(padded).reshape(steps, step).mean(1))


def gated_loudness(step_powers: F64) -> float:
    """LUFS, at least -70, from the mean K-weighted power of consecutive 100 ms steps, (steps,).

    Fewer than four steps are no block: -70.
    """
    if step_powers.size < STEPS_PER_BLOCK:
        return FLOOR_LUFS
    total = np.concatenate([[0.0], np.cumsum(step_powers)])
    blocks = (total[STEPS_PER_BLOCK:] - total[:-STEPS_PER_BLOCK]) / STEPS_PER_BLOCK
    loud = blocks[blocks > _power(FLOOR_LUFS)]
    if loud.size == 0:
        return FLOOR_LUFS
    # The relative gate: 10 LU under the mean of what passed the absolute one.
    return max(FLOOR_LUFS, _lufs(float(loud[loud > 0.1 * loud.mean()].mean())))


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _power(lufs: float) -> float:
    return 10 ** ((lufs + 0.691) / 10)


class LoudnessMeter:
    """Loudness of the last `window_s` seconds of some channels, and of sums of them.

    Filters each sample once, carrying the filters' state, and keeps only the products of the
    weighted channels summed over steps of 100 ms: those give the power of any sum of channels.
    Steps lie on a fixed grid of the sample clock, so the answer does not depend on how the samples
    were cut. The first 400 ms after a reset are measured as if silence came before.
    """

    def __init__(self, sample_rate_hz: int, window_s: float, channels: int = 1) -> None:
        """`window_s` is rounded to steps of 100 ms, four at least."""
        self._sections = k_weighting(sample_rate_hz)
        self._step = round(STEP_S * sample_rate_hz)
        self._steps = max(STEPS_PER_BLOCK, round(window_s / STEP_S))
        self._channels = channels
        self.reset()

    def reset(self) -> None:
        """Begin again in silence."""
        n = self._channels
        self._carried = np.zeros((len(self._sections), n, 2))
        self._waiting = np.zeros((n, 0))
        # Newest last: mean products of channel i and channel j in each step.
        self._products = np.zeros((self._steps, n, n))

    def push(self, samples: F32) -> None:
        """Take samples (channels, n); n = 0 is fine."""
        if samples.shape[1] == 0:
            return
        weighted, self._carried = filter_sections(self._sections, samples, self._carried)
        if self._waiting.shape[1]:
            weighted = np.concatenate([self._waiting, weighted], axis=1)
        new = weighted.shape[1] // self._step
        steps = weighted[:, : new * self._step].reshape(self._channels, new, self._step)
        self._waiting = weighted[:, new * self._step :]
        if new:
            by_step = steps.transpose(1, 0, 2)
            products = by_step @ by_step.transpose(0, 2, 1) / self._step
            self._products = np.concatenate([self._products, products])[-self._steps :]

    def step_powers(self, channels: Sequence[int] = (0,)) -> F64:
        """Mean K-weighted power of the sum of those channels in each 100 ms step, oldest first."""
        picked = list(channels)
        total = self._products[:, picked][:, :, picked].sum((1, 2))
        return np.maximum(total, 0.0)

    def powers_of(self, weights: NDArray[np.floating]) -> F64:
        """As `step_powers`, of the sum of all channels, each so much (channels,)."""
        w = np.asarray(weights, np.float64)
        return np.maximum(w @ self._products @ w, 0.0)

    def loudness_of(self, weights: NDArray[np.floating]) -> float:
        """As `loudness_lufs`, of the sum of all channels, each so much (channels,)."""
        return gated_loudness(self.powers_of(weights))

    def peak_of(self, weights: NDArray[np.floating], last_s: float) -> float:
        """As `peak_lufs`, of the sum of all channels, each so much (channels,)."""
        return self._peak(self.powers_of(weights), last_s)

    def loudness_lufs(self, channels: Sequence[int] = (0,)) -> float:
        """Gated loudness of the sum of those channels over the window, LUFS, at least -70."""
        return gated_loudness(self.step_powers(channels))

    def peak_lufs(self, last_s: float, channels: Sequence[int] = (0,)) -> float:
        """Loudest 100 ms step of the sum of those channels in the last seconds, at least -70."""
        return self._peak(self.step_powers(channels), last_s)

    @staticmethod
    def _peak(powers: F64, last_s: float) -> float:
        steps = max(1, round(last_s / STEP_S))
        power = float(powers[-steps:].max())
        return max(FLOOR_LUFS, _lufs(power)) if power > 0 else FLOOR_LUFS
