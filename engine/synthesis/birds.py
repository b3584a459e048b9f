"""Birds: song, crow, owl, rooster.

Each function: (rng, seconds, rate) -> (n,) float64, not normalised, at least one call from the
start.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Signal,
    contour,
    random_length,
    repeat_calls,
    room,
    sweep,
    swell,
    vary_formants,
    voice,
    wander,
)

Rng = np.random.Generator


def _syllable(rng: Rng, rate: int, centre: float) -> Signal:
    """One whistled note: a sweep, an arch, a trill or a two-note slur."""
    n = random_length(rng, rate, 0.04, 0.28)
    kind = rng.integers(4)
    low, high = centre * rng.uniform(0.65, 0.95), centre * rng.uniform(1.05, 1.5)
    if kind == 0:
        ends = (low, high) if rng.uniform() < 0.5 else (high, low)
        curve = contour(n, [(0, ends[0]), (1, ends[1])])
    elif kind == 1:
        curve = contour(n, [(0, low), (0.5, high), (1, low)])
    elif kind == 2:
        t = np.arange(n) / rate
        curve = centre * (1 + rng.uniform(0.04, 0.2) * np.sin(2 * np.pi * rng.uniform(20, 60) * t))
    else:
        curve = contour(n, [(0, high), (0.45, high), (0.55, low), (1, low)])
    curve = np.minimum(curve, 0.45 * rate)
    note = sweep(curve, rate) + rng.uniform(0, 0.15) * sweep(
        np.minimum(2 * curve, 0.45 * rate), rate
    )
    return note * swell(n, rate, 0.012, 0.03) * rng.uniform(0.5, 1)


def birds(rng: Rng, seconds: float, rate: int) -> Signal:
    """One to four singers, each with its own repertoire of phrases."""

    def singer() -> Signal:
        centre = rng.uniform(1900, 5600)
        repertoire = [_syllable(rng, rate, centre) for _ in range(int(rng.integers(2, 6)))]

        def phrase() -> Signal:
            parts: list[Signal] = []
            for _ in range(int(rng.integers(1, 5))):
                note = repertoire[rng.integers(len(repertoire))]
                gap = np.zeros(random_length(rng, rate, 0.01, 0.09))
                parts += [note, gap] * int(rng.integers(1, 5))
            return np.concatenate(parts)

        return repeat_calls(rng, seconds, rate, phrase, (0.15, 1.4))

    out = singer()
    for _ in range(int(rng.integers(0, 4))):
        out = out + rng.uniform(0.1, 0.7) * singer()
    return room(rng, out, rate, rng.uniform(0.3, 1.0), rng.uniform(0.05, 0.4))


def crow(rng: Rng, seconds: float, rate: int) -> Signal:
    """Caws: harsh, rough, two to five in a row."""
    base = rng.uniform(320, 620)
    throat = [(1250, 500, 1.0), (1900, 500, 0.9), (2900, 900, 0.4)]

    def caws() -> Signal:
        parts: list[Signal] = []
        length = rng.uniform(0.22, 0.5)
        for _ in range(int(rng.integers(1, 5))):
            n = random_length(rng, rate, length * 0.9, length * 1.1)
            curve = base * contour(n, [(0, 0.85), (0.3, 1.05), (1, 0.8)])
            out = voice(
                rng, curve, rate, throat, tilt=0.35, breath=0.35, rough=rng.uniform(0.45, 0.85)
            )
            parts += [
                out * swell(n, rate, 0.03, 0.1),
                np.zeros(random_length(rng, rate, 0.1, 0.35)),
            ]
        return np.concatenate(parts)

    return repeat_calls(rng, seconds, rate, caws, (0.3, 1.6))


def owl(rng: Rng, seconds: float, rate: int) -> Signal:
    """Hoots: soft low whistles in the rhythm hoo ... hoo-hoo-hooo."""
    base = rng.uniform(280, 520)
    rhythm = [[0.5, 0.2, 0.2, 0.6], [0.35, 0.35], [0.3, 0.15, 0.15, 0.4], [0.7]][rng.integers(4)]

    def hoots() -> Signal:
        parts: list[Signal] = []
        for beat in rhythm:
            n = random_length(rng, rate, beat * 0.85, beat * 1.1)
            curve = base * contour(n, [(0, 0.93), (0.4, 1.02), (1, 0.94)])
            curve *= 1 + rng.uniform(0, 0.012) * wander(rng, n, rate, 12, -1, 1)
            note = (
                sweep(curve, rate) + 0.12 * sweep(2 * curve, rate) + 0.04 * sweep(3 * curve, rate)
            )
            parts += [
                note * swell(n, rate, 0.06, 0.12),
                np.zeros(random_length(rng, rate, 0.06, 0.2)),
            ]
        return np.concatenate(parts)

    out = repeat_calls(rng, seconds, rate, hoots, (0.5, 2.2))
    return room(rng, out, rate, rng.uniform(0.5, 1.6), 0.35)


def rooster(rng: Rng, seconds: float, rate: int) -> Signal:
    """Cock-a-doodle-doo: short notes climbing to one long one that falls; every cock his own."""
    base = rng.uniform(330, 680)
    spread = [(900, 400, 0.8), (1700, 600, 1.0), (2700, 900, 0.8), (4200, 1500, 0.5)]
    throat = vary_formants(rng, spread, 0.25)
    tilt, rough, breath = rng.uniform(0.1, 0.6), rng.uniform(0.0, 0.5), rng.uniform(0.03, 0.3)
    climb, slow, hold = rng.uniform(0.6, 1.3), rng.uniform(0.8, 1.4), rng.uniform(0.5, 1.6)
    notes = [(0.16, 0.8, 1.05, 1.0), (0.1, 1.1, 1.2, 1.1), (0.22, 1.2, 1.45, 1.3)]
    notes = notes[int(rng.integers(0, 2)) :]
    notes.append((hold, 1.4, rng.uniform(1.4, 1.7), rng.uniform(0.6, 1.2)))

    def crowing() -> Signal:
        parts: list[Signal] = []
        for length, *heights in notes:
            n = random_length(rng, rate, slow * length * 0.85, slow * length * 1.25)
            start, middle, end = (1 + climb * (height - 1) for height in heights)
            curve = base * contour(n, [(0, start), (0.35, middle), (0.7, middle), (1, end)])
            out = voice(rng, curve, rate, throat, tilt=tilt, breath=breath, rough=rough)
            parts += [
                out * swell(n, rate, 0.03, 0.08),
                np.zeros(random_length(rng, rate, 0.01, 0.06)),
            ]
        return np.concatenate(parts)

    return repeat_calls(rng, seconds, rate, crowing, (0.5, 2.0))
