"""People's sounds: bells, trains, aircraft, fireworks, music and babbling speech.

Bells are sums of the partials that founders tune (hum, prime, tierce, quint, nominal ...; Lehr
1987). Each function: (rng, seconds, rate) -> (n,) float64, not normalised.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis_parts import (
    Signal,
    add_at,
    band,
    contour,
    repeat_calls,
    room,
    seconds_axis,
    shaped_noise,
    strike,
    sweep,
    swell,
    voice,
    wander,
)

Rng = np.random.Generator

BELL_PARTIALS = (
    (0.5, 0.6, 1.6),
    (1.0, 0.8, 1.0),
    (1.2, 0.9, 0.85),
    (1.5, 0.4, 0.6),
    (2.0, 1.0, 0.55),
    (2.5, 0.35, 0.35),
    (2.67, 0.3, 0.3),
    (3.0, 0.45, 0.28),
    (4.17, 0.3, 0.18),
    (5.43, 0.2, 0.12),
)
"""(ratio to the prime, strength, relative decay time) of a minor-third church bell."""


def _bell(rng: Rng, rate: int, prime_hz: float, ring_s: float) -> Signal:
    n = int(min(3.0 * ring_s, 9.0) * rate)
    t = np.arange(n) / rate
    out = np.zeros(n)
    for ratio, strength, decay in BELL_PARTIALS:
        hz = prime_hz * ratio * rng.uniform(0.995, 1.005)
        if hz < 0.45 * rate:
            # Casting is never quite round: each partial is a pair that beats.
            beat = 1 + 0.25 * np.cos(2 * np.pi * rng.uniform(0.3, 2.5) * t + rng.uniform(0, 6))
            out += strength * beat * np.sin(2 * np.pi * hz * t) * np.exp(-t / (decay * ring_s))
    clank = shaped_noise(rng, n, rate, band(1500, 7000)) * np.exp(-t / 0.012)
    return (out + 0.5 * clank) * np.minimum(1, t * 1500) * swell(n, rate, 0, 0.3)


def church_bells(rng: Rng, seconds: float, rate: int) -> Signal:
    """One to four bells swinging, each at its own pace."""
    out = np.zeros(seconds_axis(seconds, rate).size)
    prime, ring = rng.uniform(240, 760), rng.uniform(0.9, 2.2)
    for ratio in rng.permutation([1.0, 1.125, 1.25, 1.333, 1.5, 0.75])[: rng.integers(1, 5)]:
        bell = _bell(rng, rate, prime * ratio, ring)
        period = rng.uniform(0.9, 2.4)
        at = rng.uniform(0, min(period, 0.3 * seconds)) if out.any() else rng.uniform(0, 0.2)
        while at < seconds:
            add_at(out, bell * rng.uniform(0.7, 1), int(at * rate))
            at += period * rng.uniform(0.97, 1.03)
    return room(rng, out, rate, rng.uniform(0.8, 2.0), 0.3)


def train(rng: Rng, seconds: float, rate: int) -> Signal:
    """Wheels over rail joints, the rumble of the cars, sometimes a whistle or steam."""
    t = seconds_axis(seconds, rate)
    n = t.size
    rumble = shaped_noise(rng, n, rate, band(40, rng.uniform(200, 500), 1.0))
    out = rumble * wander(rng, n, rate, 2, 0.6, 1.0) * rng.uniform(0.3, 0.9)
    out += shaped_noise(rng, n, rate, band(600, 3500, 1.0)) * rng.uniform(0.05, 0.25)
    if rng.uniform() < 0.4:
        rhythm = rng.uniform(3.0, 9.0)
        puff = np.clip(np.sin(2 * np.pi * rhythm * t), 0, 1) ** 2
        puff *= 1 + 0.4 * np.sin(2 * np.pi * rhythm / 4 * t)
        out += 1.4 * puff * shaped_noise(rng, n, rate, band(150, rng.uniform(1200, 3000), 1.0))
    else:
        period, pair, hz = rng.uniform(0.45, 1.1), rng.uniform(0.1, 0.2), rng.uniform(140, 420)

        def joint() -> Signal:
            size = max(16, int(period * rng.uniform(0.98, 1.02) * rate))
            beat = np.zeros(size)
            for at in (0.0, pair):
                m = min(int(0.12 * rate), size)
                clack = shaped_noise(rng, m, rate, band(hz, hz * 9, 1.0)) * strike(m, rate, 0.018)
                clack += np.sin(2 * np.pi * hz * np.arange(m) / rate) * strike(m, rate, 0.04)
                add_at(beat, clack, int(at * rate))
            return beat

        out += rng.uniform(0.8, 1.8) * repeat_calls(rng, seconds, rate, joint, (0.0, 0.01))
    if rng.uniform() < 0.45:
        whistle = _whistle(rng, rate, 0.8, 1.9)
        add_at(out, 0.5 * whistle, int(rng.uniform(0, max(0.1, seconds - 1.5)) * rate))
    if rng.uniform() < 0.25:
        # From far away only the whistle carries.
        far = repeat_calls(rng, seconds, rate, lambda: _whistle(rng, rate, 0.4, 2.6), (0.15, 1.0))
        out = 0.1 * out + room(rng, far, rate, rng.uniform(0.8, 2.5), rng.uniform(0.1, 0.7))
    return out


def _whistle(rng: Rng, rate: int, low_s: float, high_s: float) -> Signal:
    """A chord of steam pipes that swells, bends and hisses."""
    chord = rng.uniform(300, 520) * np.array([1, 1.19, 1.41, 1.68])
    size = int(rng.uniform(low_s, high_s) * rate)
    bend = contour(size, [(0, 0.96), (0.15, 1), (0.9, 1), (1, 0.95)])
    whistle = sum((sweep(c * k * bend, rate) / k for c in chord for k in (1, 2, 3)), np.zeros(size))
    whistle += 0.6 * shaped_noise(rng, size, rate, band(800, 5000))
    return whistle * swell(size, rate, 0.06, 0.15)


def aircraft(rng: Rng, seconds: float, rate: int) -> Signal:
    """A propeller plane or a jet passing: drone or roar and whine, with Doppler and distance."""
    t = seconds_axis(seconds, rate)
    n = t.size
    closest = rng.uniform(0.1, 0.9) * seconds
    width = max(2.0, rng.uniform(0.5, 1.5) * seconds)
    near = 1 / (1 + ((t - closest) / width) ** 2)
    doppler = 1 - 0.08 * np.tanh((t - closest) / (0.5 * width))
    if rng.uniform() < 0.5:
        blade = rng.uniform(60, 150)
        drone = np.zeros(n)
        phase = (
            2
            * np.pi
            * np.cumsum(blade * doppler * (1 + 0.004 * wander(rng, n, rate, 4, -1, 1)))
            / rate
        )
        for k in range(1, 26):
            drone += k ** -rng.uniform(0.5, 1.0) * np.sin(k * phase + rng.uniform(0, 6))
        drone *= 1 + 0.3 * np.sin(phase / 2)
        noise = shaped_noise(rng, n, rate, band(80, 1800, 0.8))
        return near * (drone + rng.uniform(0.3, 1.0) * noise)
    roar = shaped_noise(rng, n, rate, band(60, rng.uniform(350, 1400), 0.8))
    roar *= wander(rng, n, rate, 5, 0.8, 1.1)
    whine = sweep(np.minimum(rng.uniform(1500, 3800) * doppler, 0.45 * rate), rate)
    return near * (roar + near**2 * rng.uniform(0.0, 0.15) * whine)


def fireworks(rng: Rng, seconds: float, rate: int) -> Signal:
    """Rockets that whistle up, burst with a boom and rain down crackling."""

    def shot() -> Signal:
        parts: list[Signal] = []
        if rng.uniform() < 0.5:
            n = int(rng.uniform(0.4, 1.1) * rate)
            rise = sweep(
                contour(n, [(0, rng.uniform(900, 1600)), (1, rng.uniform(2200, 3600))]), rate
            )
            rise += 0.6 * shaped_noise(rng, n, rate, band(1000, 5000))
            parts.append(0.25 * rise * swell(n, rate, 0.1, 0.1))
        n = int(rng.uniform(0.7, 1.6) * rate)
        boom = shaped_noise(rng, n, rate, band(40, rng.uniform(250, 900), 1.0))
        boom = boom * strike(n, rate, rng.uniform(0.06, 0.2)) * 1.8
        boom += 0.7 * shaped_noise(rng, n, rate, band(300, 6000)) * strike(n, rate, 0.03)
        if rng.uniform() < 0.6:
            sparks = (rng.uniform(size=n) < 90 / rate) * rng.exponential(1.0, n)
            size = int(0.01 * rate)
            grain = shaped_noise(rng, size, rate, band(1200, 7000)) * strike(
                size, rate, 0.002, 2e-4
            )
            delay = contour(n, [(0, 0), (0.2, 0.2), (0.45, 1), (1, 0.1)])
            boom += 0.6 * np.convolve(sparks * delay, grain)[:n]
        parts.append(boom)
        return np.concatenate(parts)

    out = repeat_calls(rng, seconds, rate, shot, (0.0, 1.0))
    if rng.uniform() < 0.5:
        out += 0.6 * repeat_calls(rng, seconds, rate, shot, (0.1, 1.5))
    return room(rng, out, rate, rng.uniform(0.8, 1.8), 0.5)


def music(rng: Rng, seconds: float, rate: int) -> Signal:
    """Chords, a bass and a melody on plucked or bowed harmonics, sometimes a beat."""
    n = seconds_axis(seconds, rate).size
    out = np.zeros(n)
    beat = 60 / rng.uniform(70, 150)
    root = 110 * 2 ** (rng.integers(0, 12) / 12)
    scale = [0, 2, 4, 5, 7, 9, 11] if rng.uniform() < 0.6 else [0, 2, 3, 5, 7, 8, 10]
    decay, bright, bowed = rng.uniform(0.2, 1.2), rng.uniform(0.8, 2.0), rng.uniform() < 0.3

    def note(semitone: float, length: float, gain: float) -> Signal:
        size = max(32, int(length * rate))
        t = np.arange(size) / rate
        hz = root * 2 ** (semitone / 12)
        vibrato = 0.006 * np.sin(2 * np.pi * 5.5 * t) / 5.5 * hz if bowed else 0.0
        tone = np.zeros(size)
        for k in range(1, 9):
            if k * hz < 0.45 * rate:
                fall = 1.0 if bowed else np.exp(-t * k**0.6 / decay)
                tone += k**-bright * fall * np.sin(2 * np.pi * k * hz * t + k * vibrato)
        return gain * tone * swell(size, rate, 0.06 if bowed else 0.004, 0.06)

    drums = rng.uniform() < 0.5
    degrees = [0, 3, 4, 5, 0, 4][rng.integers(3) :]
    step = 0
    while step * beat / 2 < seconds:
        at = int(step * beat / 2 * rate)
        degree = degrees[(step // 8) % len(degrees)]
        if step % 8 == 0:
            for third in (0, 2, 4):
                tone = scale[(degree + third) % 7] + 12 * ((degree + third) // 7)
                add_at(out, note(tone, 4 * beat, 0.35), at)
        if step % 4 == 0:
            add_at(out, note(scale[degree % 7] - 12, 2 * beat, 0.6), at)
        if rng.uniform() < 0.65:
            tone = scale[rng.integers(7)] + 12 * int(rng.integers(1, 3))
            add_at(out, note(tone, beat * rng.uniform(0.4, 1.5), rng.uniform(0.3, 0.7)), at)
        if drums:
            size = int(0.2 * rate)
            kick = sweep(55 + 90 * np.exp(-np.arange(size) / (0.03 * rate)), rate)
            hat = shaped_noise(rng, size, rate, band(4000, 9000)) * strike(size, rate, 0.02)
            add_at(out, (kick * strike(size, rate, 0.07) if step % 4 == 0 else 0.2 * hat), at)
        step += 1
    return room(rng, out, rate, rng.uniform(0.2, 1.0), 0.2)


VOWELS = (
    ((730, 90, 1.0), (1090, 110, 0.7), (2440, 170, 0.3)),
    ((270, 60, 1.0), (2290, 150, 0.45), (3010, 200, 0.35)),
    ((300, 60, 1.0), (870, 100, 0.5), (2240, 170, 0.1)),
    ((530, 80, 1.0), (1840, 130, 0.5), (2480, 170, 0.3)),
    ((570, 80, 1.0), (840, 100, 0.7), (2410, 170, 0.15)),
    ((490, 80, 1.0), (1350, 120, 0.5), (1690, 150, 0.3)),
)
"""First three formants of six vowels (Peterson & Barney 1952, men)."""


def speech(rng: Rng, seconds: float, rate: int) -> Signal:
    """Babble with the melody and rhythm of speech: vowels gliding, consonants of noise."""
    base = rng.uniform(85, 240)
    size = 1.0 if base < 150 else 1.16

    def phrase() -> Signal:
        parts: list[Signal] = []
        syllables = int(rng.integers(3, 10))
        for i in range(syllables):
            n = max(64, int(rng.uniform(0.1, 0.26) * rate))
            line = base * (1.15 - 0.3 * i / syllables) * rng.uniform(0.9, 1.15)
            pitch = line * contour(n, [(0, 0.97), (0.4, 1.05), (1, 0.94)])
            first, second = (VOWELS[j] for j in rng.integers(0, len(VOWELS), 2))
            glide = contour(n, [(0, 0), (0.5, 0.3), (1, 1)])
            tones = [
                voice(
                    rng,
                    pitch,
                    rate,
                    [(f * size, w, g) for f, w, g in v],
                    tilt=0.8,
                    breath=0.03,
                    top_hz=5000,
                )
                for v in (first, second)
            ]
            parts.append((tones[0] * (1 - glide) + tones[1] * glide) * swell(n, rate, 0.025, 0.05))
            m = max(64, int(rng.uniform(0.03, 0.12) * rate))
            if rng.uniform() < 0.5:
                low = rng.uniform(1500, 5000)
                hiss = shaped_noise(rng, m, rate, band(low, low * 1.8)) * rng.uniform(0.05, 0.5)
                parts.append(hiss * swell(m, rate, 0.01, 0.02))
            else:
                parts.append(np.zeros(m // 2))
        return np.concatenate(parts)

    out = repeat_calls(rng, seconds, rate, phrase, (0.15, 0.7))
    return room(rng, out, rate, rng.uniform(0.15, 0.6), rng.uniform(0.1, 0.4))
