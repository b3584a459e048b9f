"""K-weighted loudness of training clips, in one FFT (ITU-R BS.1770-5's weighting curve)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.packets import F32


def _response(b: tuple[float, ...], a: tuple[float, ...], hz: np.ndarray) -> np.ndarray:
    z = np.exp(-2j * np.pi * hz / 48000)
    return np.abs((b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2))


@lru_cache(maxsize=8)
def _weights(n: int, rate: int) -> np.ndarray:
    """The two filters of the standard, given at 48 kHz, read off at this rate's frequencies."""
    hz = np.fft.rfftfreq(n, 1 / rate)
    shelf = _response(
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
        hz,
    )
    high = _response((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621), hz)
    return shelf * high


def active_lufs(samples: F32, rate: int) -> float:
    """Loudness of the sounding parts, LUFS: 0.4 s blocks within 20 dB of the loudest; -100 for
    silence.

    A short event in a silent clip counts by itself, unlike in the gated programme loudness, so that
    sounds can be mixed as loud as each other.
    """
    n = samples.size
    weighted = np.fft.irfft(np.fft.rfft(samples) * _weights(n, rate), n)
    block = min(n, int(0.4 * rate))
    energy = np.cumsum(np.concatenate(([0.0], weighted**2)))
    hop = max(1, block // 4)
    power = np.maximum((energy[block::hop] - energy[:-block:hop]) / block, 0.0)
    loudest = float(power.max())
    if loudest < 1e-12:
        return -100.0
    return -0.691 + 10 * float(np.log10(power[power > 0.01 * loudest].mean()))
