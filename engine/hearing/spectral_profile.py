"""The colour of the sound in each slot: how its power lies over frequency."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.packets import F32

_FRAME = 512
_BANDS = 24
_LOW_HZ = 60.0
FLOOR_DB = -40.0
"""What lies further than this under the sum of all bands counts as nothing."""
DIFFERENT_DB = 20.0
"""Profiles that differ by this much on average have nothing in common."""


class ProfileMeter:
    """Band powers of several channels over the last `memory_s` seconds, in 24 bands.

    Computed from the new samples only. The bands are equally wide in log frequency where the
    spectrum is fine enough for that.
    """

    def __init__(self, sample_rate_hz: int, channels: int, memory_s: float = 1.0) -> None:
        self._taper = np.hanning(_FRAME).astype(np.float32)
        self._forget_s = memory_s
        self._rate = sample_rate_hz
        hz = np.fft.rfftfreq(_FRAME, 1 / sample_rate_hz)
        edges = np.geomspace(_LOW_HZ, sample_rate_hz / 2, _BANDS + 1)
        band = np.clip(np.searchsorted(edges, hz, side="right") - 1, -1, _BANDS - 1)
        # Bands narrower than a bin would stay empty: number the occupied ones consecutively.
        _, band = np.unique(band, return_inverse=True)
        self._bands = np.eye(int(band.max()) + 1, dtype=np.float32)[band][:, 1:]
        self._channels = channels
        self.reset()

    def reset(self) -> None:
        """Begin again in silence."""
        self._waiting = np.zeros((self._channels, 0), np.float32)
        self._powers = np.zeros((self._channels, self._bands.shape[1]))

    def push(self, samples: F32) -> None:
        """Take samples (channels, n)."""
        waiting = np.concatenate([self._waiting, samples], axis=1)
        n = waiting.shape[1] // _FRAME
        self._waiting = waiting[:, n * _FRAME :]
        if n:
            frames = waiting[:, : n * _FRAME].reshape(self._channels, n, _FRAME)
            spectra = np.fft.rfft(frames * self._taper, axis=2)
            power = spectra.real**2 + spectra.imag**2
            keep = np.exp(-n * _FRAME / self._rate / self._forget_s)
            self._powers = keep * self._powers + power.sum(1) @ self._bands

    def profile(self, channels: tuple[int, ...]) -> F32:
        """(bands,) dB relative to the sum of all bands, at least -40, of those channels together.

        Different sources do not add up in phase: powers are summed.
        """
        powers = self._powers[list(channels)].sum(0)
        share = powers / (powers.sum() + 1e-20)
        return (10 * np.log10(share + 10 ** (FLOOR_DB / 10))).astype(np.float32)


def profile_distance(one: F32, others: F32) -> NDArray[np.floating]:
    """How unlike a profile (bands,) is to others (..., bands): 0 the same, 1 nothing in common."""
    return np.minimum(1.0, np.abs(others - one).mean(-1) / DIFFERENT_DB)
