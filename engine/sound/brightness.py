"""Where the middle of a sound's spectrum lies."""

from __future__ import annotations

import math

import numpy as np

from engine.packets import F32

DARK_HZ, OCTAVES = 100.0, 6.0
"""Brightness 0, and octaves from there to brightness 1."""


def spectral_brightness(samples: F32, sample_rate_hz: int) -> float:
    """In [0, 1]: the spectral centroid of samples (n,), by octaves; 0.5 of silence."""
    power = np.abs(np.fft.rfft(samples * np.hanning(samples.size))) ** 2
    whole = float(power.sum())
    if whole <= 1e-12:
        return 0.5
    centre = float((power * np.arange(power.size)).sum()) / whole * sample_rate_hz / samples.size
    return min(1.0, max(0.0, math.log2(max(centre, 1.0) / DARK_HZ) / OCTAVES))
