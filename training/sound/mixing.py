"""How clips are varied and mixed: pace, repetition, room, microphone, loudness.

Recordings are few, so each is heard through many microphones, rooms and paces; the stronger the
variation, the less is learnt by heart. Loudness follows Seeing Sound: every sound is scaled to a
drawn loudness (LUFS) before it is summed.
"""

from __future__ import annotations

import numpy as np
import soxr

from engine.packets import F32
from engine.synthesis.parts import swell
from training.sound.loudness import active_lufs
from training.sound.microphones import equalise, simulate_microphone
from training.sound.rooms import ROOMS, in_room, room_number

POOL_LUFS = -23.0
"""Loudness that every pooled clip has."""


def at_loudness(samples: F32, rate: int, lufs: float = POOL_LUFS) -> F32:
    """The samples scaled so that their sounding parts have `lufs`; silence stays silent."""
    now = active_lufs(samples, rate)
    gain = 0.0 if now < -90 else 10 ** ((lufs - now) / 20)
    return (samples * min(gain, 1e4)).astype(np.float32)


def at_speed(rng: np.random.Generator, samples: F32, rate: int, widest: float = 1.3) -> F32:
    """Played faster or slower (pitch moves too), by up to `widest`."""
    factor = float(np.exp(rng.uniform(-np.log(widest), np.log(widest))))
    if samples.size < 64:
        return samples
    return np.asarray(soxr.resample(samples, rate * factor, rate, quality="LQ"), dtype=np.float32)


def place_in_clip(rng: np.random.Generator, samples: F32, n: int, rate: int) -> F32:
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


def repeat(rng: np.random.Generator, samples: F32, n: int, rate: int) -> F32:
    """(n,) a short sound over and over, at an even or a restless pace, never twice the same: steps,
    knocks, barks and ticks seldom come alone."""
    out = np.zeros(n, np.float32)
    fade = 0.005
    pace = max(rng.uniform(0.6, 1.0) * samples.size / rate, np.exp(rng.uniform(-2.3, 0.4)))
    restless = rng.uniform(0, 0.5)
    at = int(rng.uniform(0, 0.5 * pace) * rate)
    # Two or three versions are enough to be uneven.
    versions = [at_speed(rng, samples, rate, 1.06) for _ in range(3)]
    versions = [each * swell(each.size, rate, fade, fade).astype(np.float32) for each in versions]
    while at < n:
        one = versions[rng.integers(3)][: n - at]
        out[at : at + one.size] += one * np.float32(rng.uniform(0.5, 1.0))
        at += int(max(0.08, pace * (1 + restless * rng.normal())) * rate)
    return out


def arrange(rng: np.random.Generator, samples: F32, n: int, rate: int, *, speed: bool) -> F32:
    """(n,) a sound at another pace, in time: a stretch of it, once in silence or repeated."""
    if speed and rng.uniform() < 0.8:
        # Only what can end up in the clip is worth resampling.
        if samples.size > 3 * n:
            at = int(rng.integers(0, samples.size - 3 * n))
            samples = samples[at : at + 3 * n]
        samples = at_speed(rng, samples, rate)
    if samples.size < 0.4 * n and rng.uniform() < 0.5:
        return repeat(rng, samples, n, rate)
    return place_in_clip(rng, samples, n, rate)


def augment(
    rng: np.random.Generator,
    samples: F32,
    n: int,
    rate: int,
    *,
    speed: bool = True,
    beside: F32 | None = None,
) -> F32:
    """(n,) one take of a recording at the pool's loudness; half of the takes are heard in a room by
    a microphone, the others nearly as recorded.

    `beside`: another recording of the same kind that sounds softer along with it.
    """
    out = arrange(rng, samples, n, rate, speed=speed)
    if beside is not None:
        other = at_loudness(arrange(rng, beside, n, rate, speed=speed), rate)
        softer = 10 ** (-float(rng.uniform(2, 15)) / 20)
        out = (at_loudness(out, rate) + softer * other).astype(np.float32)
    indoors = rng.uniform() < 0.5
    if indoors or rng.uniform() < 0.15:
        out = in_room(out, room_number(int(rng.integers(ROOMS)), rate))
    if indoors:
        out = simulate_microphone(rng, out, rate)
    elif rng.uniform() < 0.8:
        out = equalise(rng, out, rate)
    return at_loudness(out, rate)
