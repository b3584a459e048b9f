"""Falling water, single drops and rustling leaves.

A waterfall is so many bubbles that only their noise is left; a drop is a click and the one bubble
it catches; leaves are thousands of small dry clicks that the wind or a foot sets off. Each
function: (rng, seconds, rate) -> (n,) float64, not normalised.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Signal,
    add_at,
    at_unit_level,
    band,
    bubble,
    room,
    scatter,
    seconds_axis,
    shaped_noise,
    strike,
    swell,
    wander,
)

Rng = np.random.Generator


def waterfall(rng: Rng, seconds: float, rate: int) -> Signal:
    """A steady roar from low thunder to spray, nearer or further away."""
    n = seconds_axis(seconds, rate).size
    # Darker than rain: the water falls as a body.
    tilt, knee = rng.uniform(0.45, 1.0), rng.uniform(80, 300)
    top = min(0.45 * rate, rng.uniform(3000, 9000))
    roar = shaped_noise(rng, n, rate, lambda f: band(knee, top, 1.0)(f) * (f / 500) ** -tilt)
    roar *= wander(rng, n, rate, 6, 0.9, 1.05)
    low = shaped_noise(rng, n, rate, band(40, rng.uniform(150, 350), 1.0))
    low *= wander(rng, n, rate, 4, 0.7, 1.1)
    drops = [bubble(rng, rate, float(rng.uniform(350, 3000))) for _ in range(24)]
    splash = scatter(rng, n, rate, rng.uniform(150, 500), drops, 0.6)
    splash = at_unit_level(splash)
    return roar + low * rng.uniform(0.3, 1.0) + splash * rng.uniform(0.02, 0.2)


def _drop(rng: Rng, rate: int, hz: float) -> Signal:
    """The click of the impact and, a moment later, the bubble's ring; some drops only click."""
    n = int(0.3 * rate)
    out = np.zeros(n)
    size = int(rng.uniform(0.002, 0.008) * rate) + 4
    click = shaped_noise(rng, size, rate, band(rng.uniform(600, 2500), 7000))
    add_at(out, click * strike(size, rate, 0.0015, 0.0002) * rng.uniform(0.1, 0.7), 0)
    for _ in range(int(rng.integers(1, 3))):
        ring = bubble(rng, rate, hz * rng.uniform(0.8, 1.3))
        t = np.arange(ring.size) / rate
        # A real plink rings longer than a free bubble: the surface and the vessel ring with it.
        long = np.sin(2 * np.pi * hz * t * (1 + rng.uniform(0, 1.5) * t)) * np.exp(-t / 0.03)
        add_at(out, ring + rng.uniform(0, 0.7) * long, int(rng.uniform(0.002, 0.04) * rate))
    return out


def water_drops(rng: Rng, seconds: float, rate: int) -> Signal:
    """A dripping tap, even and alone, or a cave where many places drip."""
    n = seconds_axis(seconds, rate).size
    out = np.zeros(n)
    places = 1 if rng.uniform() < 0.4 else int(rng.integers(2, 8))
    for _ in range(places):
        hz, period = rng.uniform(350, 2800), rng.uniform(0.2, 1.5) * (1 + 0.25 * places)
        uneven, near = rng.uniform(0, 0.5), rng.uniform(0.2, 1)
        at = rng.uniform(0, min(period, 0.3 * seconds)) if out.any() else rng.uniform(0, 0.1)
        while at < seconds:
            drop = _drop(rng, rate, hz * rng.uniform(0.9, 1.1))
            add_at(out, drop * near * rng.uniform(0.5, 1), int(at * rate))
            at += period * max(0.15, 1 + uneven * rng.normal())
    if rng.uniform() < 0.75:
        out = room(rng, out, rate, rng.uniform(0.4, 3.0), rng.uniform(0.1, 0.9))
    peak = float(np.abs(out).max())
    return out + rng.uniform(0, 0.012) * peak * shaped_noise(rng, n, rate, band(100, 2500, 1.0))


def leaves(rng: Rng, seconds: float, rate: int) -> Signal:
    """Foliage in a gusty wind, or feet and hands in dry leaves."""
    n = seconds_axis(seconds, rate).size
    grains = []
    for _ in range(32):
        size = int(rng.uniform(0.002, 0.018) * rate) + 4
        low = rng.uniform(900, 4000)
        grain = shaped_noise(rng, size, rate, band(low, low * rng.uniform(1.5, 3.5)))
        grains.append(grain * strike(size, rate, rng.uniform(0.0008, 0.006), 0.0004))
    if rng.uniform() < 0.5:
        moved = np.clip(wander(rng, n, rate, rng.uniform(0.5, 1.5), -0.1, 1.0), 0.05, 1)
        moved *= wander(rng, n, rate, 6, 0.6, 1.0)
        crackle, rush = rng.uniform(300, 900), rng.uniform(0.4, 1.0)
    else:
        moved = np.full(n, 0.01)
        at = rng.uniform(0, 0.15)
        while at < seconds:
            size = max(16, int(rng.uniform(0.15, 0.8) * rate))
            add_at(moved, swell(size, rate, 0.3 * size / rate, 0.6 * size / rate), int(at * rate))
            at += rng.uniform(0.25, 1.1)
        moved = np.clip(moved, 0, 1)
        crackle, rush = rng.uniform(400, 1500), rng.uniform(0.05, 0.5)
    clicks = scatter(rng, n, rate, crackle, grains, 0.9, moved)
    clicks = at_unit_level(clicks)
    air = shaped_noise(rng, n, rate, band(rng.uniform(600, 2500), rng.uniform(4e3, 9e3), 1.0))
    return clicks + rush * air * moved**1.2
