"""People's sounds: bells, aircraft, fireworks, music and babbling speech.

Bells are sums of the partials that founders tune (hum, prime, tierce, quint, nominal ...; Lehr
1987). Each function: (rng, seconds, rate) -> (n,) float64, not normalised.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
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
    (6.8, 0.12, 0.1),
    (8.2, 0.08, 0.08),
)
"""(ratio to the prime, strength, relative decay time) of a minor-third church bell."""


RUNG_S = 3.0
"""How long a peal has been going on when it is first heard."""


def _bell(rng: Rng, rate: int, prime_hz: float, ring_s: float, hard: float = 0.5) -> Signal:
    """(n,) one stroke; `hard` is the share of the clapper's clank."""
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
    return (out + hard * clank) * np.minimum(1, t * 1500) * swell(n, rate, 0, 0.3)


def church_bells(rng: Rng, seconds: float, rate: int) -> Signal:
    """One to four bells swinging, each at its own pace, or a full peal heard over the roofs."""
    prime, ring = rng.uniform(240, 760), rng.uniform(0.9, 2.2)
    if rng.uniform() < 0.55:
        return _peal(rng, seconds, rate)
    out = np.zeros(seconds_axis(seconds, rate).size)
    for ratio in rng.permutation([1.0, 1.125, 1.25, 1.333, 1.5, 0.75])[: rng.integers(1, 5)]:
        bell = _bell(rng, rate, prime * ratio, ring)
        period = rng.uniform(0.9, 2.4)
        at = rng.uniform(0, min(period, 0.3 * seconds)) if out.any() else rng.uniform(0, 0.2)
        while at < seconds:
            add_at(out, bell * rng.uniform(0.7, 1), int(at * rate))
            at += period * rng.uniform(0.97, 1.03)
    return room(rng, out, rate, rng.uniform(0.8, 2.0), 0.3)


def _peal(rng: Rng, seconds: float, rate: int) -> Signal:
    """(n,) three to eight bells without a pause, in rounds or each swinging for itself, so that
    their ringing runs together; it has been going on for a while."""
    n = seconds_axis(seconds, rate).size
    scale = np.array([1.0, 1.125, 1.25, 1.333, 1.5, 1.667, 1.875, 2.0])
    bells = np.sort(rng.choice(scale, int(rng.integers(3, 9)), replace=False))[::-1]
    prime = float(np.exp(rng.uniform(np.log(130), np.log(560))))
    ring, hard = rng.uniform(1.2, 4.0), rng.uniform(0.02, 0.4)
    sounds = [_bell(rng, rate, prime * ratio, ring / ratio, hard) for ratio in bells]
    before = int(RUNG_S * rate)
    out = np.zeros(before + n)
    gap = rng.uniform(0.16, 0.45)
    if rng.uniform() < 0.5:
        at, turn = 0.0, 0
        while at < seconds + RUNG_S:
            order = np.arange(len(sounds)) if rng.uniform() < 0.5 else rng.permutation(len(sounds))
            for i in order:
                add_at(out, sounds[i] * rng.uniform(0.7, 1), int(at * rate))
                at += gap * rng.uniform(0.92, 1.08)
            turn += 1
            at += gap * (turn % 2) * rng.uniform(0, 1)
    else:
        for sound in sounds:
            period = gap * len(sounds) * rng.uniform(0.7, 1.3)
            at = rng.uniform(0, period)
            while at < seconds + RUNG_S:
                add_at(out, sound * rng.uniform(0.5, 1), int(at * rate))
                at += period * rng.uniform(0.96, 1.04)
    town = shaped_noise(rng, out.size, rate, band(60, rng.uniform(300, 2000), 1.0))
    out += rng.uniform(0, 0.03) * float(np.abs(out).max()) * town
    return room(rng, out, rate, rng.uniform(0.8, 3.5), rng.uniform(0.2, 1.5))[before:]


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
        drone, fall = np.zeros(n), rng.uniform(0.5, 1.6)
        phase = (
            2
            * np.pi
            * np.cumsum(blade * doppler * (1 + 0.004 * wander(rng, n, rate, 4, -1, 1)))
            / rate
        )
        for k in range(1, 26):
            drone += k**-fall * rng.uniform(0.3, 1) * np.sin(k * phase + rng.uniform(0, 6))
        drone *= 1 + 0.3 * np.sin(phase / 2)
        noise = shaped_noise(rng, n, rate, band(80, rng.uniform(400, 3000), 0.8))
        return near * (drone + rng.uniform(0.3, 3.0) * noise)
    roar = shaped_noise(rng, n, rate, band(60, rng.uniform(350, 1400), rng.uniform(0.7, 2.0)))
    roar *= wander(rng, n, rate, 5, 0.8, 1.1)
    if rng.uniform() < 0.45:
        # The ground's echo comes ever later, then sooner: a comb that sweeps through the roar.
        late = rng.uniform(0.0006, 0.004) * rate * contour(n, [(0, 0.4), (0.5, 1), (1, 0.5)])
        roar += rng.uniform(0.1, 0.7) * np.interp(np.arange(n) - late, np.arange(n), roar)
    bright = shaped_noise(rng, n, rate, band(800, 5000, 1.0))
    roar += near**3 * rng.uniform(0, 0.5) * bright
    whine = sweep(np.minimum(rng.uniform(1500, 3800) * doppler, 0.45 * rate), rate)
    return near * (roar + near**2 * rng.uniform(0.0, 0.15) * whine)


def fireworks(rng: Rng, seconds: float, rate: int) -> Signal:
    """Rockets that whistle up, burst with a boom and rain down crackling; or strings of crackers,
    and the pops of a display on the far side of town."""
    if rng.uniform() < 0.25:
        return _crackers(rng, seconds, rate)

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


def _crackers(rng: Rng, seconds: float, rate: int) -> Signal:
    """(n,) short bangs in bursts, each as broad as a clap, no two alike."""
    low, high = rng.uniform(60, 500), rng.uniform(1500, 9000)
    decay, pace = rng.uniform(0.004, 0.05), float(np.exp(rng.uniform(np.log(2), np.log(30))))
    bangs: list[Signal] = []
    for _ in range(8):
        size = int(6 * decay * rate) + 32
        bang = shaped_noise(rng, size, rate, band(low, high * rng.uniform(0.6, 1.4), 0.8))
        bangs.append(bang * strike(size, rate, decay * rng.uniform(0.6, 1.5), 0.0005))

    def string() -> Signal:
        count = int(rng.integers(2, 16))
        times = np.cumsum(rng.exponential(1 / pace, count))
        out = np.zeros(int((times[-1] + 6 * decay) * rate) + 64)
        for at in times:
            loud = np.exp(0.6 * rng.standard_normal())
            add_at(out, bangs[rng.integers(len(bangs))] * loud, int(at * rate))
        return out

    out = repeat_calls(rng, seconds, rate, string, (0.1, 1.2))
    return room(rng, out, rate, rng.uniform(0.3, 2.0), rng.uniform(0.1, 0.8))


def music(rng: Rng, seconds: float, rate: int) -> Signal:
    """Chords, a bass and a melody on plucked or bowed harmonics, from a lone instrument to a band
    with its drums."""
    n = seconds_axis(seconds, rate).size
    out = np.zeros(n)
    beat = 60 / rng.uniform(70, 150)
    root = 110 * 2 ** (rng.integers(0, 12) / 12)
    scale = [0, 2, 4, 5, 7, 9, 11] if rng.uniform() < 0.6 else [0, 2, 3, 5, 7, 8, 10]
    decay, bright, bowed = rng.uniform(0.2, 1.6), rng.uniform(0.4, 2.0), rng.uniform() < 0.4
    octave, voices = int(rng.integers(-1, 2)), rng.uniform(0.2, 1.0, 3)

    def note(semitone: float, length: float, gain: float) -> Signal:
        size = max(32, int(length * rate))
        t = np.arange(size) / rate
        hz = root * 2 ** (semitone / 12)
        vibrato = 0.006 * np.sin(2 * np.pi * 5.5 * t) / 5.5 * hz if bowed else 0.0
        tone = np.zeros(size)
        for k in range(1, 21):
            if k * hz < 0.45 * rate:
                fall = 1.0 if bowed else np.exp(-t * k**0.6 / decay)
                tone += k**-bright * fall * np.sin(2 * np.pi * k * hz * t + k * vibrato)
        return gain * tone * swell(size, rate, 0.06 if bowed else 0.004, 0.06)

    drums = rng.uniform(0.05, 0.6) if rng.uniform() < 0.5 else 0.0
    degrees = [0, 3, 4, 5, 0, 4][rng.integers(3) :]
    step = 0
    while step * beat / 2 < seconds:
        at = int(step * beat / 2 * rate)
        degree = degrees[(step // 8) % len(degrees)]
        if step % 8 == 0:
            for third in (0, 2, 4):
                tone = scale[(degree + third) % 7] + 12 * ((degree + third) // 7)
                add_at(out, note(tone + 12 * octave, 4 * beat, 0.7 * voices[0]), at)
        if step % 4 == 0:
            add_at(out, note(scale[degree % 7] - 12, 2 * beat, voices[1]), at)
        if rng.uniform() < 0.65:
            tone = scale[rng.integers(7)] + 12 * int(rng.integers(1, 3))
            loud = voices[2] * rng.uniform(0.5, 1)
            add_at(out, note(tone + 12 * octave, beat * rng.uniform(0.4, 1.5), loud), at)
        if drums > 0:
            size = int(0.2 * rate)
            kick = sweep(55 + 90 * np.exp(-np.arange(size) / (0.03 * rate)), rate)
            hat = shaped_noise(rng, size, rate, band(4000, 9000)) * strike(size, rate, 0.02)
            snare = shaped_noise(rng, size, rate, band(200, 7000, 0.8)) * strike(size, rate, 0.05)
            add_at(out, drums * hat, at)
            if step % 4 == 0:
                add_at(out, kick * strike(size, rate, 0.07), at)
            elif step % 4 == 2:
                add_at(out, 2 * drums * snare, at)
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
