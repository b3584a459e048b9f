"""What moves the picture at once: how loud, how sudden and how bright the sound is right now.

No model is asked. The features come from 10 ms frames, so that a clap shows within one block.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.packets import F32

FRAME_S = 0.01
QUIET_DBFS = -60.0
LOUD_DBFS = -6.0
"""Levels that are drawn as 0 and as 1."""
DARK_HZ = 150.0
BRIGHT_HZ = 6000.0
"""Spectral centroids that are drawn as 0 and as 1, on a logarithmic scale."""
RELEASE_S = 0.30
ONSET_RELEASE_S = 0.18
SURROUND_S = 0.25
"""How far back an onset is compared with what went before."""
ONSET_FULL_DB = 18.0
"""A rise over the surround that is drawn as 1; a third of it is drawn as 0."""


@dataclass(frozen=True, slots=True)
class Reactive:
    """The sound of this moment, each in [0, 1]."""

    level: float = 0.0
    """Loudness: 0 at -60 dBFS and under, 1 at -6 dBFS; up at once, down in 0.3 s."""
    onset: float = 0.0
    """How suddenly it became louder: jumps up, gone in about 0.2 s."""
    brightness: float = 0.0
    """Where the spectrum has its middle: 0 at 150 Hz and under, 1 at 6 kHz, logarithmic."""


class ReactiveMeter:
    """Follows a stream; the same for any sizes of the pieces that it arrives in."""

    def __init__(self, sample_rate_hz: int, sensitivity_db: float = 0.0) -> None:
        """`sensitivity_db` (an attribute, free to change) is added to every level."""
        self.sensitivity_db = sensitivity_db
        self._frame = max(16, round(FRAME_S * sample_rate_hz))
        self._taper = np.hanning(self._frame + 2)[1:-1].astype(np.float32)
        hz = np.fft.rfftfreq(self._frame, 1 / sample_rate_hz)
        # Each bin's place on the drawn scale; what lies outside sits at its ends.
        self._place = np.clip(
            np.log(np.maximum(hz, 1.0) / DARK_HZ) / math.log(BRIGHT_HZ / DARK_HZ), 0.0, 1.0
        )
        self._fall = math.exp(-FRAME_S / RELEASE_S)
        self._onset_fall = math.exp(-FRAME_S / ONSET_RELEASE_S)
        self._follow = 1 - math.exp(-FRAME_S / SURROUND_S)
        self.reset()

    def reset(self) -> None:
        """Begin again in silence."""
        self._waiting = np.zeros(0, np.float32)
        self._surround_db = QUIET_DBFS
        self._now = Reactive()

    def push(self, samples: F32) -> Reactive:
        """Take samples (n,), give the features after them; under 10 ms may change nothing yet."""
        waiting = np.concatenate([self._waiting, samples]) if self._waiting.size else samples
        whole = waiting.size - waiting.size % self._frame
        self._waiting = waiting[whole:].copy()
        if not whole:
            return self._now
        frames = waiting[:whole].reshape(-1, self._frame)
        powers = np.einsum("ij,ij->i", frames, frames) / self._frame
        spectra = np.abs(np.fft.rfft(frames * self._taper, axis=1))[:, 1:]
        places = spectra @ self._place[1:] / (spectra.sum(1) + 1e-9)
        for power, place in zip(powers.tolist(), places.tolist(), strict=True):
            self._now = self._after(power, place)
        return self._now

    def _after(self, power: float, place: float) -> Reactive:
        was = self._now
        db = 10 * math.log10(power + 1e-12) + self.sensitivity_db
        level = min(1.0, max(0.0, (db - QUIET_DBFS) / (LOUD_DBFS - QUIET_DBFS)))
        rise_db = max(db, QUIET_DBFS) - self._surround_db
        sudden = min(1.0, max(0.0, (rise_db - ONSET_FULL_DB / 3) / (ONSET_FULL_DB * 2 / 3)))
        self._surround_db += self._follow * rise_db
        # Silence has no colour: brightness stays and moves only as far as there is sound to tell.
        return Reactive(
            level=max(level, was.level * self._fall),
            onset=max(sudden, was.onset * self._onset_fall),
            brightness=was.brightness + 0.25 * min(1.0, 2 * level) * (place - was.brightness),
        )
