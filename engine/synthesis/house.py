"""Clock, footsteps, door and crowd.

Each function: (rng, seconds, rate) -> (n,) float64, not normalised, sounding from the start.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.machines import speech
from engine.synthesis.parts import (
    Signal,
    add_at,
    at_unit_level,
    band,
    contour,
    random_length,
    repeat_calls,
    room,
    scatter,
    seconds_axis,
    shaped_noise,
    strike,
    swell,
    vary_formants,
    voice,
    wander,
)

Rng = np.random.Generator


def _knock(rng: Rng, rate: int, modes: Signal, decay_s: float, seconds: float) -> Signal:
    """A body that rings in a few modes after a short noisy contact."""
    n = max(16, int(seconds * rate))
    t = np.arange(n) / rate
    out = 0.5 * shaped_noise(rng, n, rate, band(300, 7000, 1.0)) * np.exp(-t / 0.002)
    for i, hz in enumerate(modes):
        if hz < 0.45 * rate:
            fade = np.exp(-t / (decay_s * rng.uniform(0.7, 1.3) / (1 + 0.3 * i)))
            out += rng.uniform(0.4, 1) / (1 + 0.4 * i) * fade * np.sin(2 * np.pi * hz * t)
    return out * np.minimum(1, t * 5000)


def clock(rng: Rng, seconds: float, rate: int) -> Signal:
    """Tick and tock: a watch, an alarm clock, a pendulum in its case."""
    n = seconds_axis(seconds, rate).size
    kind = rng.integers(3)
    period = (rng.uniform(0.16, 0.25), rng.uniform(0.35, 0.6), rng.uniform(0.8, 1.1))[kind]
    base = (rng.uniform(2500, 6000), rng.uniform(1200, 3500), rng.uniform(350, 1500))[kind]
    decay = rng.uniform(0.002, 0.008) * (1, 1.5, 4)[kind]
    sounds: list[Signal] = []
    limp = rng.uniform(0.8, 1.25)
    for factor in (1.0, limp):
        modes = base * factor * np.sort(rng.uniform(0.6, 2.6, 4))
        beat = _knock(rng, rate, modes, decay, 0.15)
        # An escapement touches more than once.
        for _ in range(int(rng.integers(0, 3))):
            late = int(rng.uniform(0.008, 0.05) * rate)
            add_at(beat, 0.4 * _knock(rng, rate, modes * 1.1, decay, 0.1), late)
        sounds.append(beat)
    out = np.zeros(n)
    swing = rng.uniform(0.94, 1.06)
    at, count = rng.uniform(0, 0.5 * min(period, 0.3)), 0
    while at < seconds:
        add_at(out, sounds[count % 2] * rng.uniform(0.85, 1), int(at * rate))
        at += period * (swing if count % 2 else 2 - swing)
        count += 1
    if rng.uniform() < 0.6:
        out = room(rng, out, rate, rng.uniform(0.2, 0.8), rng.uniform(0.05, 0.4))
    return out + rng.uniform(0, 0.01) * shaped_noise(rng, n, rate, band(80, 3000, 1.0))


def _grains(rng: Rng, rate: int, low: float, high: float, decay_s: float) -> list[Signal]:
    grains = []
    for _ in range(12):
        size = int(rng.uniform(0.003, 0.012) * rate) + 4
        grain = shaped_noise(rng, size, rate, band(rng.uniform(low, 2 * low), high))
        grains.append(grain * strike(size, rate, decay_s, 0.0003))
    return grains


def footsteps(rng: Rng, seconds: float, rate: int) -> Signal:
    """Heel and toe on stone, wood, gravel, snow, metal, or through water, at a walk or a run."""
    ground = ("stone", "wood", "gravel", "snow", "metal", "water")[rng.integers(6)]
    period = rng.uniform(0.28, 0.8)
    modes = np.sort(rng.uniform(90, 700, 3)) if ground == "wood" else np.sort(
        rng.uniform(300, 2800, 4)
    )
    loose = {"gravel": (900, 7000, 0.003), "snow": (400, 3500, 0.002), "water": (500, 5000, 0.006)}
    grains = _grains(rng, rate, *loose.get(ground, (1500, 6000, 0.002)))
    thud_hz, hard = rng.uniform(60, 160), rng.uniform(0.2, 1)

    def foot() -> Signal:
        n = int(rng.uniform(0.2, 0.4) * rate)
        out = np.zeros(n)
        toe = int(rng.uniform(0.05, 0.13) * rate)
        thud = shaped_noise(rng, n, rate, band(thud_hz / 2, thud_hz * 2)) * strike(n, rate, 0.02)
        out += rng.uniform(0.3, 1.0) * thud
        for at, loud in ((0, 1.0), (toe, rng.uniform(0.2, 0.8))):
            if ground in loose:
                span = max(32, int(rng.uniform(0.08, 0.2) * rate))
                press = swell(span, rate, 0.3 * span / rate, 0.6 * span / rate)
                crunch = scatter(rng, span, rate, rng.uniform(250, 900), grains, 0.8, press)
                hiss = shaped_noise(rng, span, rate, band(loose[ground][0], loose[ground][1], 1.0))
                add_at(out, loud * (crunch + 0.5 * hiss * press), at)
            else:
                decay = rng.uniform(0.02, 0.08) if ground == "metal" else rng.uniform(0.003, 0.012)
                click = _knock(rng, rate, modes * rng.uniform(0.95, 1.05), decay, 0.2)
                add_at(out, hard * loud * click, at)
        return out * rng.uniform(0.7, 1)

    n = seconds_axis(seconds, rate).size
    out = np.zeros(n)
    at = rng.uniform(0, 0.1)
    while at < seconds:
        add_at(out, foot(), int(at * rate))
        at += period * rng.uniform(0.93, 1.08)
    return room(rng, out, rate, rng.uniform(0.15, 1.2), rng.uniform(0.0, 0.4))


def door(rng: Rng, seconds: float, rate: int) -> Signal:
    """A knock, a creak, a latch, a slam: what a door does, in some order."""
    wood = np.sort(rng.uniform(90, 900, 5))

    def knock() -> Signal:
        count, pace = int(rng.integers(2, 6)), rng.uniform(0.1, 0.3)
        out = np.zeros(int((count * pace + 0.4) * rate))
        decay = rng.uniform(0.008, 0.03)
        for i in range(count):
            hit = _knock(rng, rate, wood * rng.uniform(0.97, 1.03), decay, 0.25)
            add_at(out, hit * rng.uniform(0.7, 1), int(i * pace * rng.uniform(0.95, 1.05) * rate))
        return out

    def creak() -> Signal:
        n = random_length(rng, rate, 0.5, 2.5)
        knots = [(x, rng.uniform(0.4, 1.8)) for x in (0, 0.25, 0.5, 0.75, 1)]
        slips = rng.uniform(25, 260) * contour(n, knots)
        modes = [(700, 150, 1), (1500, 250, 0.9), (2600, 400, 0.6), (4100, 700, 0.3)]
        hinge = vary_formants(rng, modes, 0.3)
        out = voice(rng, slips, rate, hinge, tilt=0.0, breath=0.1, rough=rng.uniform(0, 0.5))
        return out * swell(n, rate, 0.1, 0.2) * wander(rng, n, rate, 5, 0.2, 1)

    def latch() -> Signal:
        out = np.zeros(int(0.4 * rate))
        for _ in range(int(rng.integers(1, 4))):
            modes = np.sort(rng.uniform(1000, 5500, 4))
            hit = _knock(rng, rate, modes, rng.uniform(0.003, 0.015), 0.1)
            add_at(out, hit * rng.uniform(0.3, 0.8), int(rng.uniform(0, 0.2) * rate))
        return out

    def slam() -> Signal:
        n = int(0.8 * rate)
        thump = shaped_noise(rng, n, rate, band(30, rng.uniform(120, 400), 1.0))
        out = 1.5 * thump * strike(n, rate, rng.uniform(0.03, 0.12))
        out[: int(0.4 * rate)] += _knock(rng, rate, wood, rng.uniform(0.01, 0.05), 0.4)[
            : int(0.4 * rate)
        ]
        add_at(out, latch(), int(rng.uniform(0, 0.05) * rate))
        return out

    acts = (knock, creak, latch, slam)
    liked = rng.choice(4, 2, replace=False, p=(0.3, 0.3, 0.15, 0.25))

    def act() -> Signal:
        return acts[liked[rng.integers(2)]]()

    out = repeat_calls(rng, seconds, rate, act, (0.15, 1.2))
    return room(rng, out, rate, rng.uniform(0.2, 1.6), rng.uniform(0.05, 0.5))


def crowd(rng: Rng, seconds: float, rate: int) -> Signal:
    """Many voices at once in a large room or a square: talk, children, a burst of laughter; or
    applause and cheers."""
    if rng.uniform() < 0.3:
        return _applause(rng, seconds, rate)
    n = seconds_axis(seconds, rate).size
    young = rng.uniform() < 0.3
    out = np.zeros(n)
    # A few voices, each heard several times from elsewhere and at another pitch, make a crowd.
    for _ in range(3):
        one = speech(rng, seconds, rate)
        for _ in range(int(rng.integers(2, 6))):
            pace = rng.uniform(1.2, 1.9) if young else rng.uniform(0.8, 1.25)
            at = np.arange(n) * pace + rng.uniform(0, n)
            first = at.astype(int)
            part = at - first
            twin = one[first % n] * (1 - part) + one[(first + 1) % n] * part
            out += twin * np.exp(rng.normal(-0.5, 0.6))
    if rng.uniform() < 0.35:
        add_at(out, 2.0 * _laugh(rng, rate), int(rng.uniform(0, 0.7) * n))
    out = room(rng, out, rate, rng.uniform(0.4, 2.0), rng.uniform(0.3, 1.2))
    out = at_unit_level(out)
    murmur = shaped_noise(rng, n, rate, band(150, rng.uniform(600, 1800), 1.0))
    out += rng.uniform(0.1, 0.7) * murmur * wander(rng, n, rate, 4, 0.6, 1)
    if rng.uniform() < 0.4:
        modes = rng.uniform(1800, 6000, 3)
        clinks = [_knock(rng, rate, modes * rng.uniform(0.8, 1.2), 0.03, 0.2) for _ in range(5)]
        out += scatter(rng, n, rate, rng.uniform(0.5, 4), clinks, 0.5)
    return out


def _applause(rng: Rng, seconds: float, rate: int) -> Signal:
    """(n,) hands, each pair at its own pace and pitch, from a handful to a hall, and shouts."""
    n = seconds_axis(seconds, rate).size
    out = np.zeros(n)
    people = int(np.exp(rng.uniform(np.log(4), np.log(60))))
    for _ in range(people):
        hollow, size = rng.uniform(500, 2200), int(0.05 * rate)
        clap = shaped_noise(rng, size, rate, band(0.6 * hollow, rng.uniform(2, 4) * hollow, 1.0))
        clap *= strike(size, rate, rng.uniform(0.003, 0.012), 0.0005)
        clap *= np.exp(0.7 * rng.standard_normal())
        period, at = rng.uniform(0.18, 0.4), rng.uniform(0, 0.4)
        while at < seconds:
            add_at(out, clap * rng.uniform(0.6, 1), int(at * rate))
            at += period * rng.uniform(0.9, 1.1)
    hall = room(rng, out, rate, rng.uniform(0.4, 2.5), rng.uniform(0.1, 1.0))
    out = at_unit_level(hall) * wander(rng, n, rate, 0.5, 0.5, 1)
    if rng.uniform() < 0.6:
        cheers = repeat_calls(rng, seconds, rate, lambda: _cheer(rng, rate), (0.0, 0.4))
        for _ in range(int(rng.integers(1, 6))):
            cheers += repeat_calls(rng, seconds, rate, lambda: _cheer(rng, rate), (0.0, 0.9))
        cheers = room(rng, cheers, rate, rng.uniform(0.4, 2.0), 0.6)
        out += rng.uniform(0.2, 1.5) * at_unit_level(cheers)
    return out


def _cheer(rng: Rng, rate: int) -> Signal:
    n = random_length(rng, rate, 0.4, 1.6)
    bend = [(0, 0.8), (0.2, rng.uniform(1.0, 1.4)), (0.7, 1.1), (1, rng.uniform(0.6, 1.0))]
    curve = rng.uniform(180, 560) * contour(n, bend)
    mouth = vary_formants(rng, [(800, 250, 1), (1300, 300, 0.8), (2800, 600, 0.4)], 0.25)
    rough, breath = rng.uniform(0.0, 0.6), rng.uniform(0.05, 0.5)
    out = voice(rng, curve, rate, mouth, tilt=0.4, breath=breath, rough=rough)
    return out * swell(n, rate, 0.08, 0.3)


def _laugh(rng: Rng, rate: int) -> Signal:
    parts: list[Signal] = []
    base = rng.uniform(140, 420)
    mouth = vary_formants(rng, [(750, 200, 1), (1250, 250, 0.6), (2600, 500, 0.3)])
    count = int(rng.integers(4, 10))
    for i in range(count):
        n = random_length(rng, rate, 0.07, 0.14)
        curve = base * (1.2 - 0.4 * i / count) * contour(n, [(0, 1.1), (0.3, 1.15), (1, 0.85)])
        ha = voice(rng, curve, rate, mouth, tilt=0.7, breath=0.35, rough=0.1)
        parts += [ha * swell(n, rate, 0.02, 0.05), np.zeros(random_length(rng, rate, 0.04, 0.1))]
    return np.concatenate(parts)
