"""Helicopter, car engine, traffic, car horn and boat.

Engines are trains of explosions through a pipe, rotors trains of slaps, roads the noise of tyres
that swells and sinks as cars go by. Each function: (rng, seconds, rate) -> (n,) float64, not
normalised.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Signal,
    add_at,
    at_unit_level,
    band,
    bubble,
    contour,
    repeat_calls,
    resonance,
    room,
    scatter,
    seconds_axis,
    shaped_noise,
    sweep,
    swell,
    wander,
)

Rng = np.random.Generator


def _engine(rng: Rng, firing_hz: Signal, rate: int) -> Signal:
    """(n,) harmonics of the firing rate and its halves (no two cylinders are alike) in a pipe."""
    n = firing_hz.size
    phase = 2 * np.pi * np.cumsum(firing_hz) / rate
    usual = float(firing_hz.mean())
    pipe = [(rng.uniform(70, 250), 200.0, 1.0), (rng.uniform(300, 900), 400.0, 0.6)]
    pipe.append((rng.uniform(1000, 2500), 900.0, rng.uniform(0.05, 0.4)))
    tilt = rng.uniform(0.3, 0.9)
    out = np.zeros(n)
    for half in range(1, 61):
        hz = 0.5 * half * usual
        if hz * float(firing_hz.max()) / usual > min(4000.0, 0.45 * rate):
            break
        gain = float(resonance(np.array([hz]), pipe)[0]) * (0.5 * half) ** -tilt
        gain *= 1.0 if half % 2 == 0 else rng.uniform(0.0, 0.6)
        out += gain * np.sin(0.5 * half * phase + rng.uniform(0, 6))
    out /= np.sqrt(np.mean(out**2)) + 1e-12
    puff = shaped_noise(rng, n, rate, lambda f: resonance(f, pipe) * band(60, 5000, 1.0)(f))
    fired = np.exp(-(phase / (2 * np.pi) % 1.0) * rng.uniform(1, 5))
    return out + rng.uniform(0.1, 0.6) * puff * fired


def helicopter(rng: Rng, seconds: float, rate: int) -> Signal:
    """Blades that slap the air 9 to 26 times a second, a turbine's whine, near or passing."""
    t = seconds_axis(seconds, rate)
    n = t.size
    closest, width = rng.uniform(0, seconds), rng.uniform(0.6, 4) * max(2.0, seconds)
    near = 1 / (1 + ((t - closest) / width) ** 2)
    doppler = 1 - 0.06 * np.tanh((t - closest) / width)
    beat = rng.uniform(9, 26) * doppler
    place = (np.cumsum(beat) / rate + rng.uniform()) % 1.0
    sharp = rng.uniform(3, 20)
    slap = np.exp(-place * sharp) * np.minimum(1, place * rng.uniform(15, 60))
    low, top = rng.uniform(30, 100), float(np.exp(rng.uniform(np.log(200), np.log(6000))))
    out = slap * shaped_noise(rng, n, rate, band(low, top, 0.8))
    thump = np.zeros(n)
    phase = 2 * np.pi * np.cumsum(beat) / rate
    for k in range(1, 14):
        thump += k ** -rng.uniform(0.2, 0.8) * np.sin(k * phase + 0.4 * k)
    out += rng.uniform(0.05, 0.5) * thump
    between = float(np.exp(rng.uniform(np.log(0.01), np.log(0.3))))
    out += between * shaped_noise(rng, n, rate, band(200, 2 * top, 0.8))
    whine = sweep(np.minimum(rng.uniform(900, 4500) * doppler, 0.45 * rate), rate)
    drone = _engine(rng, rng.uniform(70, 160) * doppler, rate)
    return near * (out + rng.uniform(0, 0.12) * whine + rng.uniform(0, 0.3) * drone)


def car_engine(rng: Rng, seconds: float, rate: int) -> Signal:
    """Idling, revving, starting up, or driving through the gears."""
    n = seconds_axis(seconds, rate).size
    idle = rng.uniform(18, 45)
    kind = rng.choice(5, p=(0.3, 0.15, 0.15, 0.2, 0.2))
    steady = 1 + 0.03 * wander(rng, n, rate, 8, -1, 1)
    if kind == 0:
        # From beside the bonnet, with its fan and belts, to the far end of the exhaust.
        fan = shaped_noise(rng, n, rate, band(rng.uniform(100, 600), rng.uniform(800, 6e3), 0.8))
        return _engine(rng, idle * steady, rate) + rng.uniform(0, 1.2) * fan
    if kind == 4:
        return _cabin(rng, idle * rng.uniform(1.5, 3.5) * steady, rate)
    if kind == 1:
        knots = [(0.0, 1.0)]
        while knots[-1][0] < 1:
            last = knots[-1][0]
            knots.append((last + rng.uniform(0.1, 0.3), rng.uniform(1.5, 4.0)))
            knots.append((knots[-1][0] + rng.uniform(0.1, 0.4), rng.uniform(0.9, 1.4)))
        speed = contour(n, [(x, y) for x, y in knots])
        return _engine(rng, idle * speed * steady, rate) * speed**0.6
    if kind == 2:
        crank = min(n, int(rng.uniform(0.5, 1.6) * rate))
        t = np.arange(crank) / rate
        churn = 1 + 0.6 * np.sin(2 * np.pi * rng.uniform(3, 7) * t)
        whine = sweep(rng.uniform(180, 420) * (1 + 0.15 * churn), rate)
        whine += 0.7 * shaped_noise(rng, crank, rate, band(300, 3000, 1.0))
        curve = idle * contour(n, [(0, 1.0), (0.15, 2.5), (0.35, 1.3), (1, 1.0)]) * steady
        running = _engine(rng, curve, rate) * 1.3
        running[:crank] *= 0.05
        running[:crank] += 0.7 * churn * whine
        return running
    ratio = np.ones(n)
    at = 0
    while at < n:
        gear = int(rng.uniform(1.0, 3.0) * rate)
        ratio[at : at + gear] = np.linspace(1.3, rng.uniform(1.8, 3.0), gear)[: max(0, n - at)]
        at += gear
    road = shaped_noise(rng, n, rate, band(100, rng.uniform(600, 2000), 0.8))
    return _engine(rng, 1.4 * idle * ratio * steady, rate) + rng.uniform(0.1, 0.5) * road


def _cabin(rng: Rng, firing_hz: Signal, rate: int) -> Signal:
    """(n,) a drive at an even pace heard from within: boom, tyres on tarmac, wind."""
    n = firing_hz.size
    out = rng.uniform(0.2, 1.0) * _engine(rng, firing_hz, rate)
    boom = shaped_noise(rng, n, rate, band(25, rng.uniform(80, 250), 1.0))
    road = shaped_noise(rng, n, rate, band(80, rng.uniform(400, 2500), 0.8))
    out += rng.uniform(0.2, 1.0) * boom + rng.uniform(0.1, 0.8) * road
    return out * wander(rng, n, rate, 0.8, 0.8, 1.1)


def traffic(rng: Rng, seconds: float, rate: int) -> Signal:
    """A road or a town: cars and lorries that pass, the rumble of those further off."""
    t = seconds_axis(seconds, rate)
    n = t.size
    out = shaped_noise(rng, n, rate, lambda f: band(40, rng.uniform(300, 900), 0.8)(f))
    out *= wander(rng, n, rate, 1, 0.6, 1) * rng.uniform(0.1, 0.6)
    at = rng.uniform(0.1, 0.9) * min(seconds, 3.0)
    gap = rng.uniform(0.5, 3.0)
    while at < seconds + 1:
        width = rng.uniform(0.25, 1.6)
        past = (t - at) / width
        near = 1 / (1 + past**2)
        doppler = 1 - 0.07 * np.tanh(past)
        middle = rng.uniform(500, 1300)
        tyres = shaped_noise(rng, n, rate, band(middle / 2.5, middle * 2.0, 1.0))
        bright = shaped_noise(rng, n, rate, band(1000, 6000, 0.8))
        car = near * tyres + near**2 * rng.uniform(0.05, 0.5) * bright
        if rng.uniform() < 0.7:
            hum = _engine(rng, rng.uniform(30, 95) * doppler, rate)
            car += rng.uniform(0.1, 0.5) * near * hum
        out += rng.uniform(0.3, 1.0) * car
        at += gap * rng.uniform(0.4, 1.8)
    if rng.uniform() < 0.2:
        add_at(out, 0.5 * _beep(rng, rate), int(rng.uniform(0, 0.8) * n))
    return room(rng, out, rate, 0.8, 0.2)


def _beep(rng: Rng, rate: int, span: tuple[float, float] = (0.12, 0.9)) -> Signal:
    n = int(rng.uniform(*span) * rate)
    low = rng.uniform(290, 520)
    bright = rng.uniform(0.1, 0.6)
    voices = [low] if rng.uniform() < 0.3 else [low, low * rng.choice([1.2, 1.25, 1.33])]
    out = np.zeros(n)
    for hz in voices:
        hz *= 1 + 0.004 * wander(rng, n, rate, 6, -1, 1)
        for k in range(1, 20):
            if k * float(hz.max()) < 0.45 * rate:
                shape = k**-bright / (1 + (k * low / 3200) ** 4)
                out += shape * sweep(k * hz, rate, rng.uniform(0, 6))
    return out * swell(n, rate, 0.012, 0.03)


def car_horn(rng: Rng, seconds: float, rate: int) -> Signal:
    """Honks of one or two discs, short and long, in a street."""
    seed = int(rng.integers(1 << 31))
    spans = ((0.08, 0.3), (0.3, 1.3))

    def honk() -> Signal:
        # The same horn each time, pressed for another while.
        piece = _beep(np.random.default_rng(seed), rate, (1.4, 1.4))
        n = min(piece.size, int(rng.uniform(*spans[rng.integers(2)]) * rate))
        return piece[:n] * swell(n, rate, 0, 0.03)

    out = repeat_calls(rng, seconds, rate, honk, (0.06, 0.9))
    out = room(rng, out, rate, rng.uniform(0.3, 1.6), rng.uniform(0.05, 0.5))
    street = shaped_noise(rng, out.size, rate, band(50, 900, 0.8))
    return out + rng.uniform(0, 0.1) * float(np.abs(out).max()) * street


def boat(rng: Rng, seconds: float, rate: int) -> Signal:
    """Water lapping on a hull, with an engine that putters, ropes that creak, or a ship's horn."""
    t = seconds_axis(seconds, rate)
    n = t.size
    bubbles = [bubble(rng, rate, float(rng.uniform(180, 1300))) for _ in range(24)]
    slosh = np.clip(wander(rng, n, rate, rng.uniform(0.7, 2.0), -0.4, 1.0), 0.02, 1)
    water = shaped_noise(rng, n, rate, band(rng.uniform(150, 350), rng.uniform(900, 3000), 1.0))
    out = 0.6 * water * slosh
    lap = scatter(rng, n, rate, rng.uniform(20, 90), bubbles, 0.7, slosh)
    out += 0.5 * at_unit_level(lap)
    kind = rng.integers(4)
    if kind == 0:
        putter = rng.uniform(6, 26) * (1 + 0.03 * wander(rng, n, rate, 3, -1, 1))
        out = rng.uniform(0.1, 0.6) * out + _engine(rng, putter, rate)
    elif kind == 1:
        outboard = rng.uniform(45, 130) * wander(rng, n, rate, 0.5, 0.85, 1.15)
        wash = shaped_noise(rng, n, rate, band(300, 4000, 0.8)) * wander(rng, n, rate, 5, 0.4, 1)
        out = rng.uniform(0.1, 0.5) * out + _engine(rng, outboard, rate) + 0.6 * wash
    elif kind == 2:
        low = rng.uniform(70, 210)

        def blast() -> Signal:
            size = int(rng.uniform(1.0, 3.5) * rate)
            hz = low * contour(size, [(0, 0.93), (0.1, 1), (0.9, 1), (1, 0.95)])
            horn = np.zeros(size)
            for k in range(1, 24):
                shape = k**-0.3 / (1 + (k * low / 900) ** 2)
                horn += shape * sweep(k * hz, rate, rng.uniform(0, 6))
            return horn * swell(size, rate, 0.15, 0.3)

        horns = repeat_calls(rng, seconds, rate, blast, (0.2, 2.0))
        out = rng.uniform(0.02, 0.3) * out + room(rng, horns, rate, rng.uniform(1, 3), 0.6)
    else:

        def groan() -> Signal:
            size = int(rng.uniform(0.3, 1.2) * rate)
            slips = rng.uniform(25, 120) * contour(size, [(0, 1), (0.5, 1.6), (1, 0.8)])
            grain = np.exp(-(np.cumsum(slips) / rate % 1.0) * 6)
            wood = shaped_noise(rng, size, rate, band(250, 1600)) * grain
            return wood * swell(size, rate, 0.1, 0.2)

        out += rng.uniform(0.2, 1.2) * repeat_calls(rng, seconds, rate, groan, (0.3, 1.5))
    return out
