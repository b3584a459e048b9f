"""The few signal parts that every synthesised sound is built from.

All functions are pure, vectorised numpy; randomness comes from the generator that is passed in, so
the same seed gives the same samples. Frequencies are Hz, times seconds, signals float64 mono.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Signal = NDArray[np.float64]
Formant = tuple[float, float, float]
"""(centre Hz, bandwidth Hz, gain) of one resonance of a throat or a body."""


def seconds_axis(seconds: float, rate: int) -> Signal:
    """(n,) time of every sample."""
    return np.arange(max(1, round(seconds * rate))) / rate


def shaped_noise(
    rng: np.random.Generator, n: int, rate: int, gain: Callable[[Signal], Signal]
) -> Signal:
    """(n,) Gaussian noise whose spectrum follows `gain(frequency_hz)`, at RMS 1."""
    padded = 1 << max(8, (n - 1).bit_length()) if n < 1 << 16 else n + (n & 1)
    spectrum = np.fft.rfft(rng.standard_normal(padded))
    frequency = np.fft.rfftfreq(padded, 1 / rate)
    noise = np.fft.irfft(spectrum * gain(np.maximum(frequency, 1.0)), padded)[:n]
    return noise / (np.sqrt(np.mean(noise**2)) + 1e-12)


def band(low_hz: float, high_hz: float, slope: float = 2.0) -> Callable[[Signal], Signal]:
    """A smooth band: gain 1 between the corners, falling by `slope` orders outside."""
    return lambda f: (
        1 / np.sqrt((1 + (low_hz / f) ** (2 * slope)) * (1 + (f / high_hz) ** (2 * slope)))
    )


def at_unit_level(sound: Signal) -> Signal:
    """(n,) the sound at RMS 1; silence stays silent."""
    return sound / (np.sqrt(np.mean(sound**2)) + 1e-9)


def wander(
    rng: np.random.Generator, n: int, rate: int, hz: float, low: float, high: float
) -> Signal:
    """(n,) smooth random curve between `low` and `high` that changes about `hz` times a second."""
    knots = max(4, int(n / rate * hz) + 4)
    values = rng.uniform(low, high, knots)
    position = (
        np.linspace(0.5, knots - 2.5, n)
        if n / rate * hz > 1
        else (rng.uniform(0.5, 1.5) + np.arange(n) / rate * hz)
    )
    index = np.clip(position.astype(int), 0, knots - 2)
    blend = position - index
    blend = blend * blend * (3 - 2 * blend)
    return values[index] * (1 - blend) + values[index + 1] * blend


def random_length(rng: np.random.Generator, rate: int, low_s: float, high_s: float) -> int:
    """A random length between two times, in samples."""
    return max(16, int(rng.uniform(low_s, high_s) * rate))


def vary_formants(
    rng: np.random.Generator, formants: Sequence[Formant], amount: float = 0.15
) -> list[Formant]:
    """The throat of another animal of the kind: one size factor and some spread of its own."""
    size = rng.uniform(1 - amount, 1 + amount)
    return [
        (f * size * rng.uniform(0.95, 1.05), w * rng.uniform(0.8, 1.3), g) for f, w, g in formants
    ]


def contour(n: int, points: Sequence[tuple[float, float]]) -> Signal:
    """(n,) smooth curve through (fraction of the length, value) points."""
    where, values = zip(*points, strict=True)
    curve = np.interp(np.linspace(0, 1, n), where, values)
    width = max(1, n // 24)
    if width < 3:
        return curve
    padded = np.pad(curve, (width, width), mode="edge")
    total = np.cumsum(np.concatenate(([0.0], padded)))
    smooth = (total[width:] - total[:-width]) / width
    start = (smooth.size - n) // 2
    return smooth[start : start + n]


def swell(n: int, rate: int, attack_s: float, release_s: float) -> Signal:
    """(n,) envelope that rises and falls with raised cosines and stays at 1 between."""
    envelope = np.ones(n)
    up, down = min(n, int(attack_s * rate)), min(n, int(release_s * rate))
    if up > 0:
        envelope[:up] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(up) / up)
    if down > 0:
        envelope[n - down :] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(down) / down)
    return envelope


def strike(n: int, rate: int, decay_s: float, attack_s: float = 0.002) -> Signal:
    """(n,) envelope of something struck: quick rise, exponential fall by 1/e in `decay_s`."""
    t = np.arange(n) / rate
    return np.minimum(1.0, t / max(attack_s, 1 / rate)) * np.exp(-t / decay_s)


def sweep(frequency_hz: ArrayLike, rate: int, phase: float = 0.0) -> Signal:
    """Sine whose frequency follows the given curve."""
    return np.sin(2 * np.pi * np.cumsum(np.asarray(frequency_hz, np.float64)) / rate + phase)


def resonance(frequency: Signal, formants: Sequence[Formant]) -> Signal:
    """Gain of a set of formants at each frequency."""
    gain = np.full(frequency.shape, 0.01)
    for centre, width, strength in formants:
        gain = gain + strength / (1 + ((frequency - centre) / (0.5 * width)) ** 2)
    return gain


def voice(
    rng: np.random.Generator,
    pitch_hz: Signal,
    rate: int,
    formants: Sequence[Formant],
    *,
    tilt: float = 1.0,
    breath: float = 0.05,
    rough: float = 0.0,
    top_hz: float = 7000.0,
) -> Signal:
    """(n,) a throat: harmonics of `pitch_hz` shaped by formants, with breath noise and roughness.

    `tilt` is the spectral slope of the source (harmonic k has 1/k^tilt), `breath` the share of
    noise, `rough` in [0, 1] the depth of the sub-harmonic and random amplitude modulation that
    growls and caws have. Source-filter model of voiced sound (Fant, 1960).
    """
    n = pitch_hz.size
    shaken = pitch_hz * (1 + wander(rng, n, rate, 40, -1, 1) * (0.006 + 0.05 * rough))
    phase = 2 * np.pi * np.cumsum(shaken) / rate
    lowest = float(max(30.0, pitch_hz.min()))
    top = min(top_hz, 0.45 * rate)
    # Read off a table every 4 Hz and turned on from harmonic to harmonic: a third of the time.
    table = resonance(np.arange(0.0, top + 4, 4), formants)
    table[-1] = 0.0
    turn: NDArray[np.complex128] = np.exp(1j * phase)
    turned = turn.copy()
    step = shaken / 4
    out = np.zeros(n)
    for k in range(1, min(60, int(top / lowest)) + 1):
        gain = np.take(table, (k * step).astype(np.int32), mode="clip")
        begin = rng.uniform(0, 0.5)
        wave = np.real(turned) * np.sin(begin) + np.imag(turned) * np.cos(begin)
        out += gain * k**-tilt * wave
        turned *= turn
    if rough > 0:
        depth = 0.5 + 0.5 * np.sin(0.5 * phase + rng.uniform(0, 6))
        out *= 1 - rough + rough * depth * wander(rng, n, rate, 120, 0.2, 1.8)
    out /= np.sqrt(np.mean(out**2)) + 1e-12
    air = shaped_noise(rng, n, rate, lambda f: resonance(f, formants) * band(200, top)(f))
    return out + breath * air


def add_at(out: Signal, piece: Signal, first: int) -> None:
    """Adds `piece` into `out` from sample `first`, cut at both ends."""
    start, end = max(0, first), min(out.size, first + piece.size)
    if end > start:
        out[start:end] += piece[start - first : end - first]


def scatter(
    rng: np.random.Generator,
    n: int,
    rate: int,
    per_second: float,
    grains: Sequence[Signal],
    spread: float = 1.0,
    density: Signal | None = None,
) -> Signal:
    """(n,) grains dropped at random times with log-normal loudness (`spread` nepers).

    `density` (n,) in [0, 1] thins them out where it is low.
    """
    out = np.zeros(n)
    count = int(rng.poisson(per_second * n / rate))
    times = rng.integers(-rate // 20, n, count)
    choice = rng.integers(0, len(grains), count)
    gains = np.exp(spread * rng.standard_normal(count))
    keep = rng.uniform(size=count)
    for at, which, gain, chance in zip(times, choice, gains, keep, strict=True):
        if density is None or chance < density[min(max(at, 0), n - 1)]:
            add_at(out, grains[which] * gain, int(at))
    return out


def repeat_calls(
    rng: np.random.Generator,
    seconds: float,
    rate: int,
    call: Callable[[], Signal],
    gap_s: tuple[float, float],
) -> Signal:
    """(n,) calls one after another with random pauses; at least one call sounds from the start."""
    n = seconds_axis(seconds, rate).size
    out = np.zeros(n)
    at = int(rng.uniform(0, min(gap_s[0], 0.25 * seconds)) * rate)
    while at < n:
        piece = call()
        add_at(out, piece * rng.uniform(0.6, 1.0), at)
        at += piece.size + max(1, int(rng.uniform(*gap_s) * rate))
    return out


def bubble(rng: np.random.Generator, rate: int, hz: float) -> Signal:
    """One bubble: f = 3 m / radius, damped by 0.13/r + 0.0072 r^-1.5, rising as it surfaces."""
    radius = 3.0 / hz
    damping = 0.13 / radius + 0.0072 * radius**-1.5
    n = int(min(0.25, 5.0 / damping) * rate) + 8
    t = np.arange(n) / rate
    pitch = np.minimum(hz * (1 + rng.uniform(0, 0.12) * damping * t), 0.45 * rate)
    return sweep(pitch, rate) * np.exp(-damping * t) * np.minimum(1, t * 3000)


def room(rng: np.random.Generator, dry: Signal, rate: int, seconds: float, wet: float) -> Signal:
    """(n,) the signal in a space: exponentially decaying, darkening noise as impulse response."""
    length = max(8, int(seconds * 1.5 * rate))
    t = np.arange(length) / rate
    tail = shaped_noise(rng, length, rate, band(120, 4500, 1.0)) * np.exp(-6.9 * t / seconds)
    tail /= np.sqrt(np.sum(tail**2)) + 1e-12
    size = 1 << (dry.size + length - 1).bit_length()
    echo = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)[: dry.size]
    return dry + wet * echo
