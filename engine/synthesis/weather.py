"""Weather, water and fire, from what physically makes them sound.

Rain is many drop impacts over a hiss of drops too far to tell apart; a stream is bubbles ringing at
their Minnaert frequency (Minnaert 1933; van den Doel 2005); fire is cracks over a low roar; thunder
is a shower of N-waves from the segments of the lightning channel, ever darker with distance (Ribner
& Roy 1982); wind is noise through resonances that move with its speed; waves break, spread and run
back. Each function: (rng, seconds, rate) -> (n,) float64, not normalised.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Signal,
    add_at,
    band,
    bubble,
    room,
    scatter,
    seconds_axis,
    shaped_noise,
    strike,
    sweep,
    swell,
    wander,
)


def rain(rng: np.random.Generator, seconds: float, rate: int) -> Signal:
    """Drops on ground, leaves and puddles over the hiss of the drops further away."""
    n = seconds_axis(seconds, rate).size
    heavy = rng.uniform(0, 1)
    top = min(0.45 * rate, rng.uniform(4500, 11000))
    low, tilt = rng.uniform(120, 1200), rng.uniform(-0.1, 0.9)
    hiss = shaped_noise(rng, n, rate, lambda f: band(low, top, 1.2)(f) * (f / 1000) ** -tilt)
    hiss *= wander(rng, n, rate, 0.4, 0.75, 1.0)
    ticks = []
    for _ in range(24):
        size = int(rng.uniform(0.002, 0.02) * rate)
        click = shaped_noise(rng, size, rate, band(rng.uniform(800, 4000), rng.uniform(5e3, 1e4)))
        ticks.append(click * strike(size, rate, rng.uniform(0.0006, 0.004), 0.0002))
    for _ in range(8):
        ticks.append(bubble(rng, rate, rng.uniform(900, 4500)) * 0.7)
    drops = scatter(rng, n, rate, 30 + 260 * heavy, ticks, 0.8)
    return hiss * rng.uniform(0.4, 1.0) * (0.4 + heavy) + drops * rng.uniform(0.3, 1.0)


def stream(rng: np.random.Generator, seconds: float, rate: int) -> Signal:
    """A brook: clouds of bubbles from large gurgles to fine trickle over running water."""
    n = seconds_axis(seconds, rate).size
    centre = float(np.exp(rng.uniform(np.log(500), np.log(3000))))
    bubbles = [
        bubble(rng, rate, float(np.clip(centre * np.exp(0.6 * rng.standard_normal()), 180, 6000)))
        for _ in range(64)
    ]
    # Shallow water over stones splashes more than it gurgles.
    for _ in range(int(rng.integers(0, 64))):
        size = int(rng.uniform(0.004, 0.03) * rate)
        low = centre * rng.uniform(0.5, 2)
        splash = shaped_noise(rng, size, rate, band(low, low * rng.uniform(1.5, 3), 1.0))
        bubbles.append(rng.uniform(0.2, 0.8) * splash * strike(size, rate, size / rate / 4))
    density = np.clip(wander(rng, n, rate, 2.5, 0.1, 1.2), 0, 1)
    many = float(np.exp(rng.uniform(np.log(60), np.log(700))))
    gurgle = scatter(rng, n, rate, many, bubbles, 0.7, density)
    flow = shaped_noise(rng, n, rate, band(rng.uniform(250, 600), rng.uniform(1500, 5000), 1.0))
    flow *= wander(rng, n, rate, 3, 0.7, 1.1)
    # From a trickle to a river in which no bubble is heard alone.
    return gurgle + flow * float(np.exp(rng.uniform(np.log(0.1), np.log(3.0))))


def fire(rng: np.random.Generator, seconds: float, rate: int) -> Signal:
    """Crackle in clusters, hiss of gas, low flutter of the flames, at times their whoosh."""
    n = seconds_axis(seconds, rate).size
    cracks = []
    for _ in range(32):
        size = int(rng.uniform(0.003, 0.03) * rate)
        low = rng.uniform(400, 3000)
        crack = shaped_noise(rng, size, rate, band(low, low * rng.uniform(2, 5)))
        cracks.append(crack * strike(size, rate, rng.uniform(0.0007, 0.006), 0.0002))
    clusters = np.clip(wander(rng, n, rate, 3, -0.7, 1.0), 0.03, 1) ** 1.5
    crackle = scatter(rng, n, rate, rng.uniform(15, 80), cracks, 1.1, clusters)
    roar = shaped_noise(rng, n, rate, band(40, rng.uniform(150, 450), 1.0))
    roar *= wander(rng, n, rate, 8, 0.5, 1.2)
    hiss = shaped_noise(rng, n, rate, band(1500, 8000, 1.0)) * wander(rng, n, rate, 1.5, 0.3, 1)
    out = crackle + roar * rng.uniform(0.1, 0.6) + hiss * rng.uniform(0.02, 0.12)
    if rng.uniform() < 0.3:
        out += rng.uniform(0.3, 2.0) * _whoosh(rng, n, rate)
    return out


def _whoosh(rng: np.random.Generator, n: int, rate: int) -> Signal:
    """(n,) flames that leap or are swung through the air: noise that swells and opens."""
    out = np.zeros(n)
    high = rng.uniform(800, 6000)
    length, gap = rng.uniform(0.15, 0.9), rng.uniform(0.0, 0.8)
    at = rng.uniform(0, 0.2)
    while at * rate < n:
        size = max(64, int(length * rng.uniform(0.8, 1.25) * rate))
        gust = shaped_noise(rng, size, rate, band(rng.uniform(40, 150), high, 0.8))
        rise = rng.uniform(0.1, 0.5)
        shape = swell(size, rate, rise * size / rate, (1 - rise) * size / rate)
        add_at(out, gust * shape**1.5 * rng.uniform(0.5, 1), int(at * rate))
        at += (length + gap) * rng.uniform(0.7, 1.3)
    return out


def wind(rng: np.random.Generator, seconds: float, rate: int) -> Signal:
    """Gusts: rumble at the ear, rush in the trees, a whistle that rises with the speed."""
    n = seconds_axis(seconds, rate).size
    speed = wander(rng, n, rate, rng.uniform(0.25, 0.8), 0.15, 1.0)
    speed *= wander(rng, n, rate, 3, 0.85, 1.1)
    fading = rng.uniform(0.3, 0.9)
    rumble = shaped_noise(rng, n, rate, band(20, rng.uniform(90, 250), 1.0))
    out = rumble * speed**1.5 * rng.uniform(0.4, 1.3)
    lows = np.geomspace(180, 1800, 5) * float(np.exp(rng.uniform(np.log(0.35), np.log(1.4))))
    for i, low in enumerate(lows):
        layer = shaped_noise(rng, n, rate, band(low, low * 1.9, 2.0))
        nearness = np.exp(-(((speed * 4.5 - i) / 1.3) ** 2))
        out += layer * nearness * speed * fading**i
    if rng.uniform() < 0.6:
        pitch = rng.uniform(280, 900) * (0.7 + 0.6 * speed)
        howl = sweep(pitch * (1 + 0.015 * wander(rng, n, rate, 15, -1, 1)), rate)
        howl *= wander(rng, n, rate, 12, 0.3, 1.0) * speed**2
        out += howl * rng.uniform(0.05, 0.4)
    return out


def thunder(rng: np.random.Generator, seconds: float, rate: int) -> Signal:
    """A crack when near, then claps and a rolling, darkening rumble; again after a while, often
    behind the rain or the wind of its storm."""
    n = seconds_axis(seconds, rate).size
    out = np.zeros(n)
    at = rng.uniform(0, min(0.6, 0.15 * seconds))
    while at < seconds:
        add_at(out, _peal(rng, rate) * rng.uniform(0.6, 1), int(at * rate))
        at += rng.uniform(3.5, 8)
    if rng.uniform() < 0.45:
        storm = shaped_noise(rng, n, rate, band(rng.uniform(100, 900), rng.uniform(2e3, 8e3), 0.8))
        level = float(np.sqrt(np.mean(out**2))) * np.exp(rng.uniform(np.log(0.03), np.log(0.5)))
        out += level * storm * wander(rng, n, rate, 1, 0.8, 1.1)
    return out


def _peal(rng: np.random.Generator, rate: int) -> Signal:
    near = rng.uniform(0, 1)
    length = rng.uniform(3.0, 7.5)
    t = seconds_axis(length, rate)
    n = t.size
    out = np.zeros(n)
    reach, fading = rng.uniform(1200, 5000), rng.uniform(0.5, 1.3)
    # Each segment of the channel arrives later and darker than the one before.
    for _ in range(int(rng.integers(8, 24))):
        delay = rng.beta(1.1, 3.0) * length * 0.8
        size = int(rng.uniform(0.15, 0.9) * rate)
        top = max(70.0, (300 + reach * near) * np.exp(-fading * delay))
        clap = shaped_noise(rng, size, rate, band(25, top, 1.3))
        clap *= strike(size, rate, rng.uniform(0.05, 0.3), rng.uniform(0.003, 0.06))
        add_at(out, clap * np.exp(-0.5 * delay) * rng.uniform(0.3, 1), int(delay * rate))
    rumble = shaped_noise(rng, n, rate, band(22, rng.uniform(70, 160), 1.3))
    out += rumble * wander(rng, n, rate, 3.5, 0.0, 1.0) * np.exp(-t / (0.35 * length))
    if near > 0.45:
        size = int(0.35 * rate)
        crack = shaped_noise(rng, size, rate, band(150, 6500, 1.0))
        crack *= wander(rng, size, rate, 70, 0, 1) * strike(size, rate, 0.08)
        add_at(out, crack * 2.0 * near, 0)
    return room(rng, out, rate, 1.8, 0.7) * np.minimum(1, (length - t) / 0.5)


def waves(rng: np.random.Generator, seconds: float, rate: int) -> Signal:
    """Surf: each wave swells, breaks bright, spreads over the beach and hisses back. From small
    waves of a lake, a second or two apart, to rollers over the roar of a whole coast."""
    n = seconds_axis(seconds, rate).size
    t = np.arange(n) / rate
    out = shaped_noise(rng, n, rate, band(40, 350, 0.8)) * 0.25
    coast = shaped_noise(rng, n, rate, band(rng.uniform(80, 300), rng.uniform(1500, 8e3), 0.6))
    out += np.exp(rng.uniform(np.log(0.03), np.log(0.5))) * coast
    body = shaped_noise(rng, n, rate, band(90, rng.uniform(500, 2000), 1.0))
    foam = shaped_noise(rng, n, rate, band(rng.uniform(700, 1800), rng.uniform(4e3, 1e4), 1.0))
    # Water breaks in many places, not all at once.
    foam *= wander(rng, n, rate, rng.uniform(5, 25), 1 - rng.uniform(0.1, 0.8), 1.0)
    bright = rng.uniform(0.4, 1.4)
    quick = float(np.exp(rng.uniform(np.log(0.3), 0.0)))
    at, period = -rng.uniform(0.5, 4.0) * quick, rng.uniform(4.0, 8.0) * quick
    while at < seconds:
        size, rise = rng.uniform(0.5, 1.0), rng.uniform(0.8, 1.8) * quick
        since = t - at
        growing = np.clip(since / rise, 0, 1) ** 2
        spent = np.clip(since - rise, 0, None)
        out += size * growing * np.exp(-spent / (quick * rng.uniform(0.8, 1.6))) * body
        hissing = np.exp(-spent / (quick * rng.uniform(1.2, 2.6)))
        out += bright * size * growing**2 * hissing * foam
        at += period * rng.uniform(0.7, 1.3)
    return out
