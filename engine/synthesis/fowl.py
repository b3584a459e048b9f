"""Seagull, woodpecker, parrot, chicken and duck.

Each function: (rng, seconds, rate) -> (n,) float64, not normalised, at least one call from the
start.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Signal,
    add_at,
    band,
    contour,
    random_length,
    repeat_calls,
    room,
    shaped_noise,
    sweep,
    swell,
    vary_formants,
    voice,
)

Rng = np.random.Generator


def seagull(rng: Rng, seconds: float, rate: int) -> Signal:
    """Long calls of falling cries, single mews, laughing series; often several gulls."""

    def gull() -> Signal:
        top = rng.uniform(750, 1500)
        beak = vary_formants(rng, [(1600, 700, 1), (2800, 900, 0.9), (4300, 1200, 0.4)])
        laughing = rng.uniform() < 0.4
        rough = rng.uniform(0.0, 0.35)

        def cry() -> Signal:
            n = (
                random_length(rng, rate, 0.1, 0.22)
                if laughing
                else random_length(rng, rate, 0.3, 1.0)
            )
            rise = rng.uniform(0.1, 0.35)
            curve = contour(n, [(0, 0.65), (rise, 1.0), (0.55, 0.92), (1, rng.uniform(0.5, 0.75))])
            curve = top * rng.uniform(0.92, 1.06) * curve
            out = voice(rng, curve, rate, beak, tilt=0.4, breath=0.08, rough=rough, top_hz=9000)
            return out * swell(n, rate, 0.03, 0.08)

        def series() -> Signal:
            parts: list[Signal] = []
            gap = (0.03, 0.1) if laughing else (0.1, 0.5)
            for _ in range(int(rng.integers(4, 10)) if laughing else int(rng.integers(1, 5))):
                parts += [cry(), np.zeros(random_length(rng, rate, *gap))]
            return np.concatenate(parts)

        return repeat_calls(rng, seconds, rate, series, (0.2, 1.5))

    out = gull()
    for _ in range(int(rng.integers(0, 4))):
        out = out + rng.uniform(0.1, 0.6) * gull()
    return room(rng, out, rate, rng.uniform(0.3, 1.5), rng.uniform(0.0, 0.4))


def woodpecker(rng: Rng, seconds: float, rate: int) -> Signal:
    """Drum rolls of about twenty strokes a second on a trunk, or slow pecking."""
    modes = rng.uniform(450, 1500) * np.array([1.0, rng.uniform(1.5, 2.1), rng.uniform(2.4, 3.6)])
    decay = rng.uniform(0.004, 0.02)

    def stroke() -> Signal:
        n = int(0.08 * rate)
        t = np.arange(n) / rate
        out = 0.6 * shaped_noise(rng, n, rate, band(500, 6000)) * np.exp(-t / 0.003)
        for i, hz in enumerate(modes):
            out += np.sin(2 * np.pi * hz * rng.uniform(0.99, 1.01) * t) * np.exp(-t / decay) / 2**i
        return out * np.minimum(1, t * 4000)

    def roll() -> Signal:
        drumming = rng.uniform() < 0.75
        strokes = int(rng.integers(8, 32)) if drumming else int(rng.integers(2, 9))
        pace = rng.uniform(12, 27) if drumming else rng.uniform(3, 9)
        quicker = rng.uniform(0.9, 1.4) if drumming else 1.0
        steps = np.cumsum(np.concatenate(([0.0], quicker ** -np.linspace(0, 1, strokes)))) / pace
        out = np.zeros(int((steps[-1] + 0.1) * rate))
        for i in range(strokes):
            jitter = rng.uniform(-0.03, 0.03) / pace if drumming else rng.uniform(-0.2, 0.2) / pace
            loud = contour(strokes, [(0, 0.7), (0.15, 1), (1, 0.4)])[i] if drumming else 1.0
            first = int((steps[i] + jitter) * rate)
            add_at(out, stroke() * loud * rng.uniform(0.8, 1), max(0, first))
        return out

    out = repeat_calls(rng, seconds, rate, roll, (0.3, 2.0))
    return room(rng, out, rate, rng.uniform(0.3, 1.5), rng.uniform(0.05, 0.6))


def parrot(rng: Rng, seconds: float, rate: int) -> Signal:
    """Squawks, whistled slides and talkative chatter."""
    throat = vary_formants(
        rng, [(1300, 500, 0.8), (2300, 600, 1), (3600, 900, 0.8), (5200, 1200, 0.3)], 0.2
    )
    pitch = rng.uniform(380, 1100)

    def squawk() -> Signal:
        n = random_length(rng, rate, 0.15, 0.6)
        bend = [(0, rng.uniform(0.6, 0.9)), (0.3, 1.2), (1, rng.uniform(0.5, 1.0))]
        rough = rng.uniform(0.3, 0.9)
        out = voice(rng, pitch * contour(n, bend), rate, throat, tilt=0.2, breath=0.3, rough=rough)
        return out * swell(n, rate, 0.015, 0.05)

    def whistle() -> Signal:
        n = random_length(rng, rate, 0.1, 0.5)
        hz = rng.uniform(1300, 3200)
        bend = [(0, rng.uniform(0.6, 1.1)), (0.4, 1), (0.6, 1.1), (1, rng.uniform(0.6, 1.7))]
        curve = hz * contour(n, bend)
        return (sweep(curve, rate) + 0.2 * sweep(2 * curve, rate)) * swell(n, rate, 0.03, 0.05)

    def chatter() -> Signal:
        parts: list[Signal] = []
        for _ in range(int(rng.integers(2, 8))):
            n = random_length(rng, rate, 0.05, 0.16)
            curve = pitch * rng.uniform(0.7, 1.5) * contour(n, [(0, 0.8), (0.5, 1.2), (1, 0.8)])
            note = voice(
                rng, curve, rate, vary_formants(rng, throat, 0.2), tilt=0.3, breath=0.15, rough=0.3
            )
            parts += [
                note * swell(n, rate, 0.01, 0.02),
                np.zeros(random_length(rng, rate, 0.01, 0.08)),
            ]
        return np.concatenate(parts)

    liked = rng.uniform(0.1, 1, 3)

    def call() -> Signal:
        return (squawk, whistle, chatter)[rng.choice(3, p=liked / liked.sum())]()

    return repeat_calls(rng, seconds, rate, call, (0.1, 1.2))


def chicken(rng: Rng, seconds: float, rate: int) -> Signal:
    """Clucks that end in a cackle, drawn-out murmurs, or chicks that cheep."""
    if rng.uniform() < 0.2:
        return _chicks(rng, seconds, rate)
    pitch = rng.uniform(280, 620)
    throat = vary_formants(rng, [(900, 350, 1), (1700, 500, 0.8), (3000, 900, 0.4)])
    rough = rng.uniform(0.1, 0.6)
    pace = rng.uniform(0.08, 0.35)

    def note(low_s: float, high_s: float, bend: list[tuple[float, float]]) -> Signal:
        n = random_length(rng, rate, low_s, high_s)
        curve = pitch * rng.uniform(0.9, 1.1) * contour(n, bend)
        out = voice(rng, curve, rate, throat, tilt=0.5, breath=0.15, rough=rough)
        return out * swell(n, rate, 0.012, 0.03)

    def phrase() -> Signal:
        if rng.uniform() < 0.25:
            return note(0.5, 1.5, [(0, 0.8), (0.5, rng.uniform(0.9, 1.3)), (1, 0.8)])
        parts: list[Signal] = []
        for _ in range(int(rng.integers(1, 8))):
            parts.append(note(0.04, 0.13, [(0, 1.2), (0.3, 1.0), (1, 0.75)]))
            parts.append(np.zeros(random_length(rng, rate, 0.6 * pace, 1.4 * pace)))
        if rng.uniform() < 0.4:
            parts.append(note(0.2, 0.5, [(0, 1.0), (0.3, 1.9), (0.7, 1.8), (1, 1.2)]))
        return np.concatenate(parts)

    out = repeat_calls(rng, seconds, rate, phrase, (0.05, 0.9))
    if rng.uniform() < 0.35:
        pitch *= rng.uniform(0.75, 1.35)
        out = out + 0.5 * repeat_calls(rng, seconds, rate, phrase, (0.2, 1.2))
    return out


def _chicks(rng: Rng, seconds: float, rate: int) -> Signal:
    hz = rng.uniform(2600, 3900)

    def cheep() -> Signal:
        n = random_length(rng, rate, 0.06, 0.2)
        curve = hz * rng.uniform(0.85, 1.1) * contour(n, [(0, 1.1), (0.2, 1.2), (1, 0.75)])
        return (sweep(curve, rate) + 0.15 * sweep(2 * curve, rate)) * swell(n, rate, 0.01, 0.04)

    out = repeat_calls(rng, seconds, rate, cheep, (0.05, 0.4))
    for _ in range(int(rng.integers(0, 4))):
        out = out + rng.uniform(0.2, 0.8) * repeat_calls(rng, seconds, rate, cheep, (0.1, 0.6))
    return out


def duck(rng: Rng, seconds: float, rate: int) -> Signal:
    """Quacks in falling series, nasal and buzzing; or a goose's honks."""
    goose = rng.uniform() < 0.45
    pitch = rng.uniform(330, 620) if goose else rng.uniform(110, 290)
    nose = vary_formants(
        rng, [(1050, 350, 1), (1900, 450, 0.7), (2900, 700, 0.6), (4200, 900, 0.2)], 0.2
    )
    span = (0.15, 0.45) if goose else (0.09, 0.28)
    tilt, breath, rough = rng.uniform(0.0, 0.4), rng.uniform(0.05, 0.3), rng.uniform(0.05, 0.5)

    def quack(loud: float) -> Signal:
        n = random_length(rng, rate, *span)
        bend = [(0, 0.9), (0.25, 1.1), (1, 0.8)] if not goose else [(0, 0.7), (0.3, 1.1), (1, 1.0)]
        curve = pitch * (0.8 + 0.2 * loud) * contour(n, bend)
        out = voice(rng, curve, rate, nose, tilt=tilt, breath=breath, rough=rough)
        return loud * out * swell(n, rate, 0.015, 0.06)

    def series() -> Signal:
        parts: list[Signal] = []
        count = int(rng.integers(1, 8))
        for i in range(count):
            parts.append(quack(1 - 0.5 * i / count))
            parts.append(np.zeros(random_length(rng, rate, 0.03, 0.25)))
        return np.concatenate(parts)

    out = repeat_calls(rng, seconds, rate, series, (0.15, 1.2))
    if rng.uniform() < 0.35:
        pitch *= rng.uniform(0.8, 1.25)
        out = out + rng.uniform(0.3, 0.8) * repeat_calls(rng, seconds, rate, series, (0.2, 1.5))
    return out
