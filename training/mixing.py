"""How clips are varied and mixed: speed, colour, room, place in time, loudness.

Recordings are few, so each is heard through many microphones, rooms and paces; the stronger the
variation, the less is learnt by heart. Loudness follows Seeing Sound: every sound is scaled to a
drawn loudness (LUFS) before it is summed.
"""

from __future__ import annotations

import numpy as np
import soxr

from engine.packets import F32
from engine.synthesis_parts import room
from training.loudness_level import active_lufs

POOL_LUFS = -23.0
"""Loudness that every pooled clip has."""


def at_loudness(samples: F32, rate: int, lufs: float = POOL_LUFS) -> F32:
    """The samples scaled so that their sounding parts have `lufs`; silence stays silent."""
    now = active_lufs(samples, rate)
    gain = 0.0 if now < -90 else 10 ** ((lufs - now) / 20)
    return (samples * min(gain, 1e4)).astype(np.float32)


def recoloured(rng: np.random.Generator, samples: F32, rate: int, strength: float = 1.0) -> F32:
    """Another microphone: a smooth random equaliser, sometimes a narrow band."""
    n = samples.size
    hz = np.maximum(np.fft.rfftfreq(n, 1 / rate), 20.0)
    knots = np.linspace(np.log(20), np.log(rate / 2), 7)
    gain_db = np.interp(np.log(hz), knots, rng.normal(0, 4.0 * strength, 7))
    gain = 10 ** (gain_db / 20)
    if rng.uniform() < 0.5:
        gain /= np.sqrt(1 + (rng.uniform(40, 350) / hz) ** 4)
    if rng.uniform() < 0.3:
        gain /= np.sqrt(1 + (hz / rng.uniform(2500, 7500)) ** 6)
    return np.fft.irfft(np.fft.rfft(samples) * gain, n).astype(np.float32)


def at_speed(rng: np.random.Generator, samples: F32, rate: int, widest: float = 1.3) -> F32:
    """Played faster or slower (pitch moves too), by up to `widest`."""
    factor = float(np.exp(rng.uniform(-np.log(widest), np.log(widest))))
    if samples.size < 64:
        return samples
    return np.asarray(soxr.resample(samples, rate * factor, rate, quality="LQ"), dtype=np.float32)


def laid_out(rng: np.random.Generator, samples: F32, n: int, rate: int) -> F32:
    """(n,) a stretch of a long sound, or a short one somewhere in silence, sometimes repeated."""
    fade = min(samples.size // 2, int(0.01 * rate))
    if samples.size > n:
        at = int(rng.integers(0, samples.size - n + 1))
        # Prefer a stretch in which something sounds.
        for _ in range(4):
            piece = samples[at : at + n]
            if np.sqrt(np.mean(piece**2)) > 0.4 * np.sqrt(np.mean(samples**2)):
                break
            at = int(rng.integers(0, samples.size - n + 1))
        return samples[at : at + n].copy()
    out = np.zeros(n, np.float32)
    sound = samples.copy()
    if fade > 1:
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        sound[:fade] *= ramp
        sound[-fade:] *= ramp[::-1]
    at = int(rng.integers(0, max(1, n - sound.size + 1)))
    again = rng.uniform() < 0.5
    while at < n:
        end = min(n, at + sound.size)
        out[at:end] += sound[: end - at]
        if not again:
            break
        at = end + int(rng.uniform(0.05, 1.2) * rate)
    return out


def varied(rng: np.random.Generator, samples: F32, n: int, rate: int, *, speed: bool = True) -> F32:
    """(n,) one augmented take of a recording at the pool's loudness."""
    if speed and rng.uniform() < 0.8:
        # Only what can end up in the clip is worth resampling.
        if samples.size > 3 * n:
            at = int(rng.integers(0, samples.size - 3 * n))
            samples = samples[at : at + 3 * n]
        samples = at_speed(rng, samples, rate)
    out = laid_out(rng, samples, n, rate)
    if rng.uniform() < 0.85:
        out = recoloured(rng, out, rate)
    if rng.uniform() < 0.5:
        wet = room(rng, out.astype(np.float64), rate, rng.uniform(0.1, 1.6), rng.uniform(0.05, 0.8))
        out = wet.astype(np.float32)
    return at_loudness(out, rate)
