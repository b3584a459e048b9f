"""Trains: steam, diesel and electric, passing, ridden in, or a horn from far away.

A train is the rolling of steel on steel, the joints of the rails under each bogie, what pulls it,
and how it calls. Each function: (rng, seconds, rate) -> (n,) float64, not normalised.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Signal,
    add_at,
    at_unit_level,
    band,
    contour,
    room,
    seconds_axis,
    shaped_noise,
    strike,
    sweep,
    swell,
    wander,
)

Rng = np.random.Generator

CHIMES = (
    (1.0, 1.19, 1.34, 1.59, 2.0),
    (1.0, 1.19, 1.41, 1.68),
    (1.0, 1.26, 1.59),
    (1.0, 1.33, 1.68),
    (1.0, 1.19),
    (1.0, 1.26),
    (1.0,),
)
"""Pitches of a horn's or a whistle's pipes over the lowest: five chimes (a B major sixth, as North
American diesels blow), steam's diminished chord, triads, two-tone horns, a single pipe."""


def train(rng: Rng, seconds: float, rate: int) -> Signal:
    """A train of some kind and its call; nearly every one is heard in the open or in a station."""
    kind = rng.choice(5, p=(0.26, 0.26, 0.14, 0.14, 0.2))
    out = (_steam, _passing, _inside, _electric, _far)[kind](rng, seconds, rate)
    if kind in (0, 1, 3) and rng.uniform() < 0.45:
        call = _call(rng, seconds, rate) * rng.uniform(0.3, 1.5)
        out = at_unit_level(out) + call
    if rng.uniform() < 0.7:
        out = room(rng, out, rate, rng.uniform(0.4, 2.5), rng.uniform(0.05, 0.6))
    return out


def _near(rng: Rng, seconds: float, rate: int) -> tuple[Signal, Signal]:
    """(n,) how near it is in (0, 1], and the Doppler factor, as it comes past or pulls in."""
    t = seconds_axis(seconds, rate)
    closest, width = rng.uniform(-0.2, 1.2) * seconds, rng.uniform(0.3, 2.0) * max(2.0, seconds)
    past = (t - closest) / width
    return 1 / (1 + past**2), 1 - rng.uniform(0, 0.08) * np.tanh(past)


def _rolling(rng: Rng, n: int, rate: int) -> Signal:
    """(n,) steel on steel: a roar about 800 Hz over the rumble of the cars."""
    middle = rng.uniform(350, 1400)
    roar = shaped_noise(rng, n, rate, band(middle / 3, middle * rng.uniform(1.5, 3), 1.0))
    rumble = shaped_noise(rng, n, rate, band(35, rng.uniform(120, 450), 1.0))
    out = rng.uniform(0.1, 1.0) * roar * wander(rng, n, rate, 6, 0.6, 1.0)
    return out + rng.uniform(0.2, 1.2) * rumble * wander(rng, n, rate, 3, 0.6, 1.0)


def _joints(rng: Rng, seconds: float, rate: int) -> Signal:
    """(n,) two axles of a bogie over a gap in the rail, again under the next bogie, again."""
    n = seconds_axis(seconds, rate).size
    period, pair = rng.uniform(0.4, 1.3), rng.uniform(0.08, 0.22)
    bogies = (0.0, rng.uniform(0.3, 0.5) * period) if rng.uniform() < 0.5 else (0.0,)
    hz, decay = rng.uniform(90, 480), rng.uniform(0.01, 0.05)
    size = int(0.25 * rate)
    out = np.zeros(n)
    at = -rng.uniform(0, period)
    while at < seconds:
        for bogie in bogies:
            for axle in (0.0, min(pair, 0.4 * period)):
                clack = shaped_noise(rng, size, rate, band(hz, hz * rng.uniform(4, 12), 1.0))
                clack *= strike(size, rate, decay * rng.uniform(0.8, 1.2))
                ring = np.sin(2 * np.pi * hz * np.arange(size) / rate) * strike(size, rate, 0.05)
                add_at(out, rng.uniform(0.6, 1) * (clack + ring), int((at + bogie + axle) * rate))
        at += period * rng.uniform(0.97, 1.03)
    return out


def _squeal(rng: Rng, seconds: float, rate: int) -> Signal:
    """(n,) brakes or a curve: a few high partials that come and go and drift together."""
    n = seconds_axis(seconds, rate).size
    base = rng.uniform(1200, 4200) * wander(rng, n, rate, 1.5, 0.97, 1.03)
    out = np.zeros(n)
    for ratio in (1.0, rng.uniform(1.2, 1.8), 2.0):
        hz = np.minimum(base * ratio, 0.45 * rate)
        out += rng.uniform(0.2, 1) * sweep(hz, rate) * wander(rng, n, rate, 20, 0.2, 1)
    return out * np.clip(wander(rng, n, rate, 0.8, -0.6, 1.0), 0, 1)


def _steam(rng: Rng, seconds: float, rate: int) -> Signal:
    """Four exhaust beats a turn, no two alike, slow out of a station or at a run; steam hisses."""
    n = seconds_axis(seconds, rate).size
    beats = rng.uniform(1.5, 11.0) * contour(n, [(0, 1), (1, rng.uniform(0.8, 1.6))])
    phase = np.cumsum(beats) / rate + rng.uniform()
    loud = rng.uniform(0.55, 1.0, 4)[phase.astype(int) % 4]
    place = phase % 1.0
    chuff = np.minimum(1, place * rng.uniform(6, 40)) * np.exp(-place * rng.uniform(1.5, 7)) * loud
    low = rng.uniform(60, 350)
    breath = shaped_noise(rng, n, rate, band(low, rng.uniform(700, 5000), 0.8))
    out = chuff * breath
    out += rng.uniform(0, 0.25) * shaped_noise(rng, n, rate, band(1500, 7000, 0.8))
    out = at_unit_level(out) + rng.uniform(0.05, 0.6) * at_unit_level(_rolling(rng, n, rate))
    if rng.uniform() < 0.4:
        out += rng.uniform(0.1, 0.6) * at_unit_level(_joints(rng, seconds, rate))
    near, _ = _near(rng, seconds, rate)
    return out * near


def _passing(rng: Rng, seconds: float, rate: int) -> Signal:
    """Freight or coaches go by: roar, joints, a diesel's growl, now and then a squeal."""
    near, doppler = _near(rng, seconds, rate)
    n = near.size
    out = at_unit_level(_rolling(rng, n, rate)) + rng.uniform(0.2, 1.5) * at_unit_level(
        _joints(rng, seconds, rate)
    )
    if rng.uniform() < 0.5:
        phase = 2 * np.pi * np.cumsum(rng.uniform(22, 75) * doppler) / rate
        growl = np.zeros(n)
        for k in range(1, 16):
            growl += k ** -rng.uniform(0.3, 1.0) * np.sin(k * phase + rng.uniform(0, 6))
        out += rng.uniform(0.2, 1.0) * at_unit_level(growl)
    if rng.uniform() < 0.35:
        out += rng.uniform(0.1, 0.8) * _squeal(rng, seconds, rate)
    return out * near


def _inside(rng: Rng, seconds: float, rate: int) -> Signal:
    """In the coach: a dark even rumble, the joints under the floor, the air conditioning."""
    n = seconds_axis(seconds, rate).size
    out = at_unit_level(shaped_noise(rng, n, rate, band(30, rng.uniform(150, 600), 1.0)))
    out += rng.uniform(0.3, 1.4) * at_unit_level(_joints(rng, seconds, rate))
    out += rng.uniform(0.05, 0.4) * shaped_noise(rng, n, rate, band(300, 3000, 0.8))
    return out * wander(rng, n, rate, 1.5, 0.8, 1.0)


def _electric(rng: Rng, seconds: float, rate: int) -> Signal:
    """A tram, an underground or a fast train: motors that sing up or down under the roar."""
    near, doppler = _near(rng, seconds, rate)
    n = near.size
    first, last = rng.uniform(0.3, 1.6, 2)
    turn = rng.uniform(180, 900) * contour(n, [(0, first), (1, last)]) * doppler
    song = np.zeros(n)
    for ratio in (1.0, 2.0, rng.uniform(2.4, 3.6), 4.0):
        song += rng.uniform(0.1, 1) * sweep(np.minimum(turn * ratio, 0.45 * rate), rate)
    out = at_unit_level(_rolling(rng, n, rate)) + rng.uniform(0.1, 0.8) * at_unit_level(song)
    if rng.uniform() < 0.6:
        out += rng.uniform(0.1, 0.8) * at_unit_level(_joints(rng, seconds, rate))
    if rng.uniform() < 0.3:
        out += rng.uniform(0.1, 0.8) * _squeal(rng, seconds, rate)
    return out * near


def _far(rng: Rng, seconds: float, rate: int) -> Signal:
    """Little but the horn or the whistle carries."""
    n = seconds_axis(seconds, rate).size
    out = _call(rng, seconds, rate)
    return out + rng.uniform(0, 0.25) * at_unit_level(_rolling(rng, n, rate))


def _call(rng: Rng, seconds: float, rate: int) -> Signal:
    """(n,) the same horn or whistle again and again: long, short, as the line's rules have it."""
    n = seconds_axis(seconds, rate).size
    pipe = _horn if rng.uniform() < 0.5 else _whistle
    chimes = np.array(CHIMES[rng.integers(len(CHIMES))])
    low = float(np.exp(rng.uniform(np.log(210), np.log(560))))
    voice = int(rng.integers(1 << 31))
    long_s, short_s, gap_s = rng.uniform(0.9, 2.6), rng.uniform(0.15, 0.6), rng.uniform(0.15, 0.8)
    out = np.zeros(n)
    at = rng.uniform(0, 0.2 * seconds)
    while at < seconds:
        blow_s = (long_s if rng.uniform() < 0.6 else short_s) * rng.uniform(0.85, 1.15)
        blown = pipe(np.random.default_rng(voice), low * chimes, int(blow_s * rate), rate)
        add_at(out, blown, int(at * rate))
        at += blow_s + gap_s * rng.uniform(0.6, 2.0)
    return at_unit_level(out)


def _horn(rng: Rng, chimes_hz: Signal, n: int, rate: int) -> Signal:
    """(n,) air horns: each a bright buzz that settles into tune."""
    out = np.zeros(n)
    knee = rng.uniform(900, 3500)
    rise = contour(n, [(0, rng.uniform(0.9, 0.99)), (0.08, 1), (0.95, 1), (1, 0.97)])
    for low in chimes_hz:
        gain, mistuned = rng.uniform(0.5, 1), rng.uniform(0.99, 1.01)
        for k in range(1, 24):
            if k * low * 1.05 > 0.45 * rate:
                break
            shape = k**-0.3 / (1 + (k * low / knee) ** 2)
            out += gain * shape * sweep(k * low * mistuned * rise, rate, rng.uniform(0, 6))
    return out * swell(n, rate, rng.uniform(0.02, 0.1), rng.uniform(0.05, 0.25))


def _whistle(rng: Rng, chimes_hz: Signal, n: int, rate: int) -> Signal:
    """(n,) steam pipes: few harmonics, much breath; the pitch climbs in and sinks away."""
    out = np.zeros(n)
    fall = rng.uniform(0.86, 0.99)
    bend = contour(n, [(0, rng.uniform(0.88, 0.99)), (0.15, 1), (0.85, 1), (1, fall)])
    bend *= 1 + rng.uniform(0, 0.006) * wander(rng, n, rate, 8, -1, 1)
    dull = rng.uniform(0.8, 2.2)
    for low in chimes_hz:
        gain = rng.uniform(0.5, 1)
        for k in (1, 2, 3, 4, 5):
            hz = np.minimum(low * k * bend, 0.45 * rate)
            out += gain * k**-dull * sweep(hz, rate, rng.uniform(0, 6))
    breath = shaped_noise(rng, n, rate, band(rng.uniform(300, 1000), 6000, 0.8))
    out += rng.uniform(0.1, 0.9) * breath
    return out * swell(n, rate, rng.uniform(0.03, 0.15), rng.uniform(0.08, 0.35))
