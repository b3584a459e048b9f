"""What is measured of the mixture and of the separated slots: level, power and spectral profile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.hearing.spectral_profile import ProfileMeter
from engine.packets import F32
from engine.sound.loudness import FLOOR_LUFS, LoudnessMeter

RECENT_S = 0.8
"""What counts as now when a slot's level is measured: longer than the pauses of most calls."""


class SlotMeters:
    """Measures a mixture and its separated slots as their samples arrive.

    The slots come `latency` samples later than the mixture. Several slots given at once are
    measured as one sound, the sum of them.
    """

    def __init__(self, sample_rate_hz: int, window_s: float, slots: int, latency: int) -> None:
        """window_s: length over which loudness and power are taken. latency: in samples."""
        self._slots, self._latency = slots, latency
        self._mixture = LoudnessMeter(sample_rate_hz, window_s)
        self._separated = LoudnessMeter(sample_rate_hz, window_s, slots)
        self._profiles = ProfileMeter(sample_rate_hz, slots)
        self._pad()

    def reset(self) -> None:
        """Begin again in silence."""
        for meter in (self._mixture, self._separated, self._profiles):
            meter.reset()
        self._pad()

    def _pad(self) -> None:
        # The slots' steps of loudness then end where the hop does, not a latency off.
        self._separated.push(np.zeros((self._slots, self._latency), np.float32))

    def push(self, mixture: F32, separated: F32) -> None:
        """Take mixture samples (n,) and the separated ones (slots, m) that came out with them."""
        self._mixture.push(mixture[None])
        self._separated.push(separated)
        self._profiles.push(separated)

    @property
    def mixture_lufs(self) -> float:
        """Gated loudness of the mixture over the window, at least -70."""
        return self._mixture.loudness_lufs()

    @property
    def mixture_power(self) -> float:
        """K-weighted power of the mixture, summed over the window's steps."""
        return float(self._mixture.step_powers().sum())

    @property
    def levels_lufs(self) -> list[float]:
        """Level of each slot now, see `level_lufs`."""
        return [self.level_lufs((slot,)) for slot in range(self._slots)]

    def level_lufs(self, slots: Sequence[int]) -> float:
        """Loudest 100 ms of the last RECENT_S, at least -70."""
        return self._separated.peak_lufs(RECENT_S, slots)

    def loudness_lufs(self, slots: Sequence[int]) -> float:
        """Gated loudness over the window, at least -70, which it is where there are no slots."""
        return self._separated.loudness_lufs(slots) if slots else FLOOR_LUFS

    def power(self, slots: Sequence[int]) -> float:
        """K-weighted power, summed over the window's steps."""
        return float(self._separated.step_powers(slots).sum())

    def loudest(self, slots: Sequence[int]) -> int:
        """The slot with the highest level now."""
        return max(slots, key=lambda slot: self.level_lufs((slot,)))

    def profile(self, slots: tuple[int, ...]) -> F32:
        """(bands,) dB, see `ProfileMeter.profile`."""
        return self._profiles.profile(slots)
