"""What a microphone and the place around it do to a sound.

A gallery's microphone is small (no bass), near a power supply (hum), levels itself (gain control)
and hears the building, the street and people between the sounds that matter.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.packets import F32
from engine.synthesis.catalogue import synthesise
from engine.synthesis.parts import shaped_noise

BABBLES = 24
"""How many different crowds can be heard faintly behind a sound."""


def equalise(rng: np.random.Generator, samples: F32, rate: int, strength: float = 1.0) -> F32:
    """Another microphone: a smooth random equaliser, sometimes no bass, sometimes no treble."""
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


def apply_automatic_gain(rng: np.random.Generator, samples: F32, rate: int) -> F32:
    """Automatic gain: what is loud is turned down within tens of milliseconds, what is soft up."""
    block = int(0.01 * rate)
    count = samples.size // block
    power = (samples[: count * block].reshape(count, block) ** 2).mean(axis=1)
    memory = rng.uniform(0.03, 0.5) / 0.01
    kernel = np.exp(-np.arange(int(4 * memory) + 1) / memory)
    smooth = np.convolve(power, kernel / kernel.sum())[:count]
    loudest = float(smooth.max()) + 1e-12
    gain = np.maximum(smooth / loudest, 10 ** (-rng.uniform(1.5, 3.5))) ** -rng.uniform(0.1, 0.35)
    return (samples * np.interp(np.arange(samples.size) / block, np.arange(count), gain)).astype(
        np.float32
    )


def overdrive(rng: np.random.Generator, samples: F32) -> F32:
    """The loudest peaks bent softly."""
    knee = float(np.abs(samples).max()) * rng.uniform(0.25, 0.9) + 1e-9
    return (knee * np.tanh(samples / knee)).astype(np.float32)


def hum(rng: np.random.Generator, n: int, rate: int) -> F32:
    """(n,) mains hum of 50 or 60 Hz with harmonics, RMS 1."""
    t = np.arange(n) / rate
    mains = (50.0, 60.0)[rng.integers(2)]
    out = np.zeros(n)
    for k in range(1, int(rng.integers(3, 12))):
        out += rng.exponential(1.0) / k * np.sin(2 * np.pi * mains * k * t + rng.uniform(0, 6))
    return (out / (np.sqrt(np.mean(out**2)) + 1e-9)).astype(np.float32)


@lru_cache(maxsize=BABBLES)
def _babble(number: int, n: int, rate: int) -> F32:
    return synthesise("crowd", n / rate, rate, 900_000 + number)


def surroundings(rng: np.random.Generator, n: int, rate: int) -> F32:
    """(n,) what a place sounds like when nothing happens, RMS 1: coloured noise, mostly dark, at
    times with hum or people far away."""
    tilt = rng.uniform(0.0, 1.3)
    out = shaped_noise(rng, n, rate, lambda f: (np.maximum(f, 30.0) / 100) ** -tilt)
    if rng.uniform() < 0.35:
        out = out + rng.uniform(0.2, 1.5) * hum(rng, n, rate)
    if rng.uniform() < 0.3:
        people = _babble(int(rng.integers(BABBLES)), n, rate)
        out = out + rng.uniform(0.3, 1.2) * people / (np.sqrt(np.mean(people**2)) + 1e-9)
    return (out / np.sqrt(np.mean(out**2))).astype(np.float32)


def simulate_microphone(rng: np.random.Generator, samples: F32, rate: int) -> F32:
    """(n,) the samples as some microphone in some place records them: surroundings 8 to 45 dB
    below the sounding parts, colour, gain control and overdrive now and then."""
    active = np.sqrt(np.mean(samples**2) + 0.1 * float(np.abs(samples).max()) ** 2 / 10)
    below_db = rng.uniform(8, 45)
    noise = surroundings(rng, samples.size, rate)
    out = (samples + noise * (active * 10 ** (-below_db / 20))).astype(np.float32)
    out = equalise(rng, out, rate, rng.uniform(0.4, 1.2))
    if rng.uniform() < 0.25:
        out = apply_automatic_gain(rng, out, rate)
    if rng.uniform() < 0.15:
        out = overdrive(rng, out)
    return out
