"""Pig, bees, big cat, bear, elephant, monkey and whale.

Each function: (rng, seconds, rate) -> (n,) float64, not normalised, at least one call from the
start.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Formant,
    Signal,
    at_unit_level,
    band,
    contour,
    random_length,
    repeat_calls,
    resonance,
    room,
    seconds_axis,
    shaped_noise,
    sweep,
    swell,
    vary_formants,
    voice,
    wander,
)

Rng = np.random.Generator


def _growl(rng: Rng, n: int, rate: int, throat: list[Formant], pulse_hz: float) -> Signal:
    """(n,) breath through a throat, chopped `pulse_hz` times a second by loose folds."""
    air = shaped_noise(rng, n, rate, lambda f: resonance(f, throat) * band(60, 6000, 1.0)(f))
    beat = pulse_hz * wander(rng, n, rate, 6, 0.75, 1.25)
    phase = np.cumsum(beat) / rate + rng.uniform()
    return air * np.exp(-(phase % 1.0) * rng.uniform(1.5, 5))


def pig(rng: Rng, seconds: float, rate: int) -> Signal:
    """Grunts, snorts and squeals."""
    throat = vary_formants(rng, [(380, 250, 1), (1000, 400, 0.7), (2200, 800, 0.3)], 0.2)
    squealer = vary_formants(rng, [(1300, 500, 0.8), (2500, 700, 1), (3800, 900, 0.6)], 0.15)
    squeals = rng.uniform(0, 0.5)

    def call() -> Signal:
        if rng.uniform() < squeals:
            n = random_length(rng, rate, 0.3, 1.4)
            bend = [(0, 0.7), (0.2, 1), (0.6, rng.uniform(0.9, 1.3)), (1, 0.6)]
            curve = rng.uniform(550, 1400) * contour(n, bend)
            rough = rng.uniform(0.2, 0.8)
            out = voice(rng, curve, rate, squealer, tilt=0.2, breath=0.25, rough=rough)
            return out * swell(n, rate, 0.04, 0.12)
        n = random_length(rng, rate, 0.1, 0.45)
        out = _growl(rng, n, rate, throat, rng.uniform(18, 70))
        curve = rng.uniform(70, 190) * contour(n, [(0, 0.8), (0.4, 1.1), (1, 0.8)])
        out += rng.uniform(0, 0.8) * voice(rng, curve, rate, throat, tilt=0.8, rough=0.6)
        return out * swell(n, rate, 0.02, 0.06)

    return repeat_calls(rng, seconds, rate, call, (0.05, 0.7))


def bees(rng: Rng, seconds: float, rate: int) -> Signal:
    """Wing beats of about two hundred a second: one bumblebee coming by, a few, or a swarm."""
    n = seconds_axis(seconds, rate).size
    many = int(rng.choice([1, 2, 4, 12]))
    usual = rng.uniform(110, 260)
    out = np.zeros(n)
    for _ in range(many):
        pitch = usual * rng.uniform(0.8, 1.25)
        pitch = pitch * (1 + rng.uniform(0.01, 0.08) * wander(rng, n, rate, 3, -1, 1))
        phase = 2 * np.pi * np.cumsum(pitch) / rate
        body = [(rng.uniform(200, 700), 500, 1.0), (rng.uniform(900, 2600), 900, 0.5)]
        tilt = rng.uniform(0.5, 1.2)
        wings = np.zeros(n)
        for k in range(1, 26 if many < 5 else 14):
            gain = float(resonance(np.array([k * usual]), body)[0]) * k**-tilt
            if k * usual * 1.4 < 0.45 * rate:
                wings += gain * np.sin(k * phase + rng.uniform(0, 6))
        wings = at_unit_level(wings)
        wings += rng.uniform(0, 0.3) * shaped_noise(rng, n, rate, band(150, 3000, 1.0))
        out += wings * wander(rng, n, rate, rng.uniform(0.5, 2), 0.1, 1.0)
    return out


def big_cat(rng: Rng, seconds: float, rate: int) -> Signal:
    """A lion's roar, a leopard's sawing, snarls and growls."""
    throat = vary_formants(
        rng, [(420, 250, 1), (950, 400, 0.9), (1700, 600, 0.45), (2900, 900, 0.2)], 0.2
    )
    kind = rng.integers(4)

    def roar() -> Signal:
        n = random_length(rng, rate, 0.8, 2.8)
        bend = [(0, 0.7), (0.25, 1), (0.6, 0.9), (1, 0.55)]
        curve = rng.uniform(75, 210) * contour(n, bend)
        out = voice(rng, curve, rate, throat, tilt=0.5, breath=0.4, rough=rng.uniform(0.5, 0.9))
        out += rng.uniform(0.2, 0.9) * _growl(rng, n, rate, throat, rng.uniform(30, 80))
        return out * swell(n, rate, 0.15, 0.5)

    def saw() -> Signal:
        strokes: list[Signal] = []
        period = rng.uniform(0.35, 0.65)
        for i in range(int(rng.integers(4, 11))):
            n = max(32, int(period * rng.uniform(0.45, 0.55) * rate))
            # Breathing in is brighter and softer than breathing out.
            inward = [(f * 1.5, w * 2, g) for f, w, g in throat]
            stroke = _growl(rng, n, rate, throat if i % 2 else inward, rng.uniform(25, 60))
            strokes += [stroke * swell(n, rate, 0.05, 0.08) * (1 if i % 2 else 0.5)]
            strokes.append(np.zeros(max(1, int(period * rng.uniform(0.0, 0.12) * rate))))
        return np.concatenate(strokes)

    def snarl() -> Signal:
        n = random_length(rng, rate, 0.4, 1.8)
        wide = [(f * rng.uniform(1.2, 1.7), w * 1.8, g) for f, w, g in throat]
        out = _growl(rng, n, rate, wide, rng.uniform(50, 120))
        curve = rng.uniform(120, 380) * contour(n, [(0, 0.7), (0.3, 1.1), (1, 0.7)])
        cry = voice(rng, curve, rate, wide, tilt=0.3, breath=0.5, rough=0.9)
        out += rng.uniform(0.2, 0.8) * cry
        return out * swell(n, rate, 0.05, 0.25)

    def growl() -> Signal:
        n = random_length(rng, rate, 0.8, 2.5)
        out = _growl(rng, n, rate, throat, rng.uniform(16, 40))
        return out * swell(n, rate, 0.2, 0.4) * wander(rng, n, rate, 3, 0.5, 1)

    call = (roar, saw, snarl, growl)[kind]
    return repeat_calls(rng, seconds, rate, call, (0.15, 1.5))


def bear(rng: Rng, seconds: float, rate: int) -> Signal:
    """Low moans, long growls and huffs of a large, dark throat."""
    throat = vary_formants(
        rng, [(280, 180, 1), (620, 250, 0.8), (1250, 450, 0.3), (2200, 700, 0.1)], 0.15
    )
    base = rng.uniform(60, 170)
    rough = rng.uniform(0.2, 0.8)

    def call() -> Signal:
        chance = rng.uniform()
        if chance < 0.25:
            n = random_length(rng, rate, 0.15, 0.4)
            huff = shaped_noise(rng, n, rate, lambda f: resonance(f, throat) * band(100, 4000)(f))
            return huff * swell(n, rate, 0.03, 0.15)
        n = random_length(rng, rate, 0.6, 2.4)
        bend = [(0, 0.75), (0.3, rng.uniform(0.9, 1.2)), (0.7, 1.0), (1, 0.6)]
        curve = base * rng.uniform(0.85, 1.2) * contour(n, bend)
        out = voice(rng, curve, rate, throat, tilt=0.7, breath=0.15, rough=rough, top_hz=4500)
        if chance < 0.7:
            out += rng.uniform(0.3, 1.2) * _growl(rng, n, rate, throat, rng.uniform(18, 45))
        return out * swell(n, rate, 0.12, 0.35)

    return repeat_calls(rng, seconds, rate, call, (0.15, 1.3))


def elephant(rng: Rng, seconds: float, rate: int) -> Signal:
    """Trumpeting: a brassy blast that rises, breaks and sinks; sometimes a rumble after it."""
    trunk = vary_formants(
        rng, [(750, 400, 1), (1500, 600, 0.9), (2600, 900, 0.6), (4000, 1300, 0.25)], 0.2
    )
    top = rng.uniform(290, 760)

    def blast() -> Signal:
        n = random_length(rng, rate, 0.5, 2.2)
        bend = [(0, rng.uniform(0.5, 0.8)), (0.12, 1.0), (0.4, rng.uniform(0.95, 1.2))]
        bend += [(0.75, rng.uniform(0.8, 1.1)), (1, rng.uniform(0.5, 0.8))]
        curve = top * rng.uniform(0.9, 1.1) * contour(n, bend)
        curve = curve * (1 + rng.uniform(0, 0.02) * wander(rng, n, rate, 25, -1, 1))
        clean = voice(rng, curve, rate, trunk, tilt=0.2, breath=0.1, top_hz=8000)
        torn = voice(rng, curve, rate, trunk, tilt=0.1, breath=0.4, rough=0.9, top_hz=8000)
        share = np.clip(wander(rng, n, rate, 4, -0.6, 1.0), 0, 1) * rng.uniform(0.2, 1)
        return (clean * (1 - share) + torn * share) * swell(n, rate, 0.03, 0.2)

    def call() -> Signal:
        if rng.uniform() < 0.8:
            return blast()
        n = random_length(rng, rate, 0.8, 2.0)
        low = rng.uniform(25, 60) * contour(n, [(0, 0.8), (0.5, 1.1), (1, 0.8)])
        belly = [(120.0, 100.0, 1.0), (300.0, 200.0, 0.6)]
        out = voice(rng, low, rate, belly, tilt=0.4, breath=0.15, rough=0.4, top_hz=1500)
        return out * swell(n, rate, 0.2, 0.4)

    first = blast()
    out = repeat_calls(rng, seconds, rate, call, (0.2, 1.4))
    out[: first.size] += first[: out.size]
    return room(rng, out, rate, rng.uniform(0.3, 1.5), rng.uniform(0, 0.4))


def monkey(rng: Rng, seconds: float, rate: int) -> Signal:
    """Hoots that climb, screeches, chatter, and a gorilla's grunts."""
    mouth = vary_formants(rng, [(700, 300, 1), (1400, 450, 0.7), (2800, 900, 0.4)], 0.2)
    small = vary_formants(rng, [(1500, 600, 1), (2800, 800, 0.9), (4200, 1000, 0.5)], 0.2)
    kind = rng.integers(4)

    def hoots() -> Signal:
        parts: list[Signal] = []
        pitch, count = rng.uniform(220, 420), int(rng.integers(3, 9))
        for i in range(count):
            n = random_length(rng, rate, 0.12, 0.3)
            rise = 1 + rng.uniform(0.3, 1.0) * i / count
            curve = pitch * rise * contour(n, [(0, 0.7), (0.5, 1.1), (1, 0.85)])
            out = voice(rng, curve, rate, mouth, tilt=0.9, breath=0.1, rough=0.3 * i / count)
            gasp = shaped_noise(rng, n // 2, rate, band(500, 2500))
            gasp *= 0.3 * swell(n // 2, rate, 0.03, 0.04)
            parts += [(0.3 + i / count) * out * swell(n, rate, 0.03, 0.06), gasp]
        return np.concatenate(parts)

    def screech() -> Signal:
        n = random_length(rng, rate, 0.2, 0.8)
        curve = rng.uniform(750, 1900) * contour(n, [(0, 0.7), (0.3, 1.1), (1, 0.8)])
        out = voice(rng, curve, rate, small, tilt=0.1, breath=0.2, rough=rng.uniform(0.2, 0.8))
        return out * swell(n, rate, 0.02, 0.08)

    def chatter() -> Signal:
        parts: list[Signal] = []
        pitch, pace = rng.uniform(400, 1200), rng.uniform(0.03, 0.1)
        for _ in range(int(rng.integers(4, 14))):
            n = random_length(rng, rate, 0.03, 0.09)
            curve = pitch * rng.uniform(0.85, 1.2) * contour(n, [(0, 0.9), (0.4, 1.2), (1, 0.8)])
            out = voice(rng, curve, rate, small, tilt=0.3, breath=0.2, rough=0.4)
            parts.append(out * swell(n, rate, 0.006, 0.015))
            parts.append(np.zeros(random_length(rng, rate, pace, 2 * pace)))
        return np.concatenate(parts)

    def grunts() -> Signal:
        parts: list[Signal] = []
        throat = vary_formants(rng, [(320, 180, 1), (750, 300, 0.7), (1600, 600, 0.2)], 0.1)
        for _ in range(int(rng.integers(1, 5))):
            n = random_length(rng, rate, 0.15, 0.6)
            curve = rng.uniform(70, 160) * contour(n, [(0, 0.8), (0.4, 1.1), (1, 0.75)])
            out = voice(rng, curve, rate, throat, tilt=0.6, breath=0.3, rough=0.7)
            out += rng.uniform(0, 1) * _growl(rng, n, rate, throat, rng.uniform(30, 70))
            parts += [
                out * swell(n, rate, 0.03, 0.1),
                np.zeros(random_length(rng, rate, 0.05, 0.3)),
            ]
        return np.concatenate(parts)

    return repeat_calls(rng, seconds, rate, (hoots, screech, chatter, grunts)[kind], (0.1, 1.0))


def whale(rng: Rng, seconds: float, rate: int) -> Signal:
    """Slow moans and cries that slide over octaves in a long watery echo; or a dolphin's voice."""
    dolphin = rng.uniform() < 0.2

    def cry() -> Signal:
        n = random_length(rng, rate, 0.8, 3.0)
        hz = rng.choice([rng.uniform(90, 260), rng.uniform(250, 700), rng.uniform(600, 1600)])
        knots = [(x, float(np.exp(rng.normal(0, 0.35)))) for x in (0, 0.3, 0.6, 1)]
        curve = hz * contour(n, knots)
        throat = vary_formants(
            rng, [(hz * 1.2, 500, 1), (hz * 3, 700, 0.4), (hz * 6, 1200, 0.1)], 0.3
        )
        rough = rng.uniform(0, 0.6) if rng.uniform() < 0.4 else 0.0
        out = voice(rng, curve, rate, throat, tilt=1.2, breath=0.02, rough=rough, top_hz=5000)
        return out * swell(n, rate, 0.25, 0.4)

    def creak() -> Signal:
        n = random_length(rng, rate, 0.6, 1.8)
        clicks = rng.uniform(8, 90) * contour(n, [(0, 1), (1, rng.uniform(0.3, 3))])
        decay = np.exp(-(np.cumsum(clicks) / rate % 1.0) * rng.uniform(4, 12))
        return decay * shaped_noise(rng, n, rate, band(200, 2500)) * swell(n, rate, 0.1, 0.2)

    def whistle() -> Signal:
        n = random_length(rng, rate, 0.2, 0.9)
        knots = [(x, float(np.exp(rng.normal(0, 0.25)))) for x in (0, 0.3, 0.6, 1)]
        curve = np.minimum(rng.uniform(3500, 6000) * contour(n, knots), 0.42 * rate)
        return sweep(curve, rate) * swell(n, rate, 0.05, 0.08)

    def call() -> Signal:
        if dolphin:
            return whistle() if rng.uniform() < 0.6 else creak()
        return cry() if rng.uniform() < 0.85 else creak()

    out = repeat_calls(rng, seconds, rate, call, (0.2, 1.2))
    if not dolphin and rng.uniform() < 0.5:
        out = out + rng.uniform(0.1, 0.5) * repeat_calls(rng, seconds, rate, call, (0.4, 2.0))
    out = room(rng, out, rate, rng.uniform(1.0, 4.0), rng.uniform(0.3, 1.0))
    hiss = shaped_noise(rng, out.size, rate, band(50, rng.uniform(400, 2000), 1.0))
    return out + rng.uniform(0, 0.06) * hiss
