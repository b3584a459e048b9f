"""Animals: throats (source-filter), whistles and wing files.

Each function: (rng, seconds, rate) -> (n,) float64, not normalised, at least one call from the
start.
"""

from __future__ import annotations

import numpy as np

from engine.synthesis.parts import (
    Signal,
    band,
    contour,
    random_length,
    repeat_calls,
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


def dog(rng: Rng, seconds: float, rate: int) -> Signal:
    """Barks, singly and in bursts."""
    pitch, size = (
        rng.uniform(180, 650),
        vary_formants(rng, [(650, 350, 1), (1300, 500, 0.8), (2600, 900, 0.3)]),
    )

    def bark() -> Signal:
        n = random_length(rng, rate, 0.1, 0.24)
        curve = pitch * rng.uniform(0.9, 1.1) * contour(n, [(0, 0.7), (0.3, 1.25), (1, 0.65)])
        out = voice(rng, curve, rate, size, tilt=0.7, breath=0.35, rough=rng.uniform(0.1, 0.6))
        return out * swell(n, rate, 0.012, 0.08)

    def burst() -> Signal:
        parts = []
        for _ in range(int(rng.integers(1, 4))):
            parts += [bark(), np.zeros(random_length(rng, rate, 0.08, 0.3))]
        return np.concatenate(parts)

    return repeat_calls(rng, seconds, rate, burst, (0.2, 1.2))


def wolf(rng: Rng, seconds: float, rate: int) -> Signal:
    """Long howls that rise, hold and sink; sometimes several wolves."""

    def howl() -> Signal:
        n = random_length(rng, rate, 1.6, 4.5)
        top = rng.uniform(330, 720)
        curve = contour(
            n, [(0, 0.55), (0.18, 1.0), (0.35, 0.95), (0.7, rng.uniform(0.85, 1)), (1, 0.55)]
        )
        curve = top * curve * (1 + 0.01 * wander(rng, n, rate, 5, -1, 1))
        throat = vary_formants(rng, [(top * 1.1, 400, 1), (1100, 500, 0.35), (2300, 800, 0.08)])
        out = voice(rng, curve, rate, throat, tilt=1.6, breath=0.04)
        return out * swell(n, rate, 0.3, 0.6)

    out = repeat_calls(rng, seconds, rate, howl, (0.3, 2.0))
    if rng.uniform() < 0.5:
        out += 0.6 * repeat_calls(rng, seconds, rate, howl, (0.5, 2.5))
    return room(rng, out, rate, rng.uniform(0.8, 2.2), 0.5)


def cat(rng: Rng, seconds: float, rate: int) -> Signal:
    """Miaows: mouth opening and closing over a rising and falling pitch."""
    base = rng.uniform(420, 850)

    def miaow() -> Signal:
        n = random_length(rng, rate, 0.35, 1.1)
        curve = (
            base
            * rng.uniform(0.9, 1.15)
            * contour(n, [(0, 0.75), (0.3, 1.1), (0.6, 1.0), (1, 0.7)])
        )
        closed = voice(
            rng,
            curve,
            rate,
            vary_formants(rng, [(700, 400, 1), (2200, 600, 0.3)], 0.1),
            breath=0.04,
        )
        opened = voice(
            rng,
            curve,
            rate,
            vary_formants(rng, [(1300, 500, 1), (2700, 800, 0.8), (4200, 900, 0.3)], 0.1),
            tilt=0.6,
            breath=0.08,
            rough=rng.uniform(0, 0.2),
        )
        mouth = contour(n, [(0, 0), (0.3, 1), (0.65, 0.8), (1, 0)])
        return (closed * (1 - mouth) + opened * mouth) * swell(n, rate, 0.06, 0.2)

    return repeat_calls(rng, seconds, rate, miaow, (0.2, 1.4))


def cow(rng: Rng, seconds: float, rate: int) -> Signal:
    """Moos: low, long, nasal at first, then open."""
    base = rng.uniform(85, 260)
    open_wide, hoarse = rng.uniform(0.3, 0.8), rng.uniform(0, 0.6)

    def moo() -> Signal:
        n = random_length(rng, rate, 0.9, 2.4)
        curve = base * contour(n, [(0, 0.8), (0.25, 1.0), (0.7, 1.08), (1, 0.75)])
        nasal = voice(
            rng, curve, rate, vary_formants(rng, [(250, 150, 1), (900, 400, 0.1)], 0.1), top_hz=3000
        )
        opened = voice(
            rng,
            curve,
            rate,
            vary_formants(
                rng, [(450, 250, 1), (950, 400, 0.8), (2300, 900, 0.4), (3600, 1200, 0.2)], 0.2
            ),
            tilt=open_wide,
            breath=0.05 + 0.3 * hoarse,
            rough=hoarse,
        )
        mouth = contour(n, [(0, 0), (0.35, 1), (0.85, 0.9), (1, 0.2)])
        return (nasal * (1 - mouth) + opened * mouth) * swell(n, rate, 0.12, 0.3)

    return repeat_calls(rng, seconds, rate, moo, (0.3, 2.0))


def sheep(rng: Rng, seconds: float, rate: int) -> Signal:
    """Bleats: a nasal vowel shaken about nine times a second."""
    base = rng.uniform(170, 420)

    def baa() -> Signal:
        n = random_length(rng, rate, 0.4, 1.3)
        t = np.arange(n) / rate
        shake = np.sin(2 * np.pi * rng.uniform(7, 12) * t + rng.uniform(0, 6))
        curve = (
            base
            * rng.uniform(0.9, 1.1)
            * (1 + 0.05 * shake)
            * contour(n, [(0, 0.95), (0.3, 1.05), (1, 0.85)])
        )
        throat = vary_formants(
            rng, [(650, 250, 0.8), (1500, 350, 1), (2500, 500, 0.6), (3600, 800, 0.25)]
        )
        out = voice(rng, curve, rate, throat, tilt=0.5, breath=0.12, rough=0.15)
        return out * (1 - rng.uniform(0.3, 0.6) * (0.5 + 0.5 * shake)) * swell(n, rate, 0.05, 0.2)

    return repeat_calls(rng, seconds, rate, baa, (0.2, 1.3))


def horse(rng: Rng, seconds: float, rate: int) -> Signal:
    """Hooves at a walk, trot or gallop; a whinny, falling and shaken; or snorts."""
    kind = rng.uniform()
    if kind < 0.45:
        return _hooves(rng, seconds, rate)
    if kind < 0.62:
        return repeat_calls(rng, seconds, rate, lambda: _snort(rng, rate), (0.3, 1.5))

    def whinny() -> Signal:
        n = random_length(rng, rate, 1.0, 2.2)
        t = np.arange(n) / rate
        top = float(np.exp(rng.uniform(np.log(350), np.log(1500))))
        shake = np.sin(2 * np.pi * rng.uniform(9, 14) * t)
        depth = contour(n, [(0, 0.01), (0.3, 0.05), (1, 0.16)])
        curve = (
            top * contour(n, [(0, 0.75), (0.15, 1.0), (0.5, 0.8), (1, 0.35)]) * (1 + depth * shake)
        )
        throat = vary_formants(rng, [(1000, 500, 1), (1900, 700, 0.7), (3300, 900, 0.4)])
        hoarse = rng.uniform(0.05, 0.8)
        out = voice(rng, curve, rate, throat, tilt=0.5, breath=hoarse, rough=0.7 * hoarse)
        return out * (1 - 4 * depth * (0.5 + 0.5 * shake)) * swell(n, rate, 0.06, 0.4)

    return repeat_calls(rng, seconds, rate, whinny, (0.6, 2.0))


def _snort(rng: Rng, rate: int) -> Signal:
    """(n,) breath blown through fluttering nostrils."""
    n = random_length(rng, rate, 0.3, 1.2)
    air = shaped_noise(rng, n, rate, band(rng.uniform(150, 500), rng.uniform(1500, 6000), 1.0))
    flutter = rng.uniform(14, 45) * contour(n, [(0, 1.2), (1, 0.7)])
    beat = np.exp(-(np.cumsum(flutter) / rate % 1.0) * rng.uniform(0.5, 3.5))
    return air * beat * swell(n, rate, rng.uniform(0.01, 0.15), 0.5 * n / rate)


def _hooves(rng: Rng, seconds: float, rate: int) -> Signal:
    pattern = [(0, 0.25, 0.5, 0.75), (0, 0.07, 0.5, 0.57), (0, 0.18, 0.36)][rng.integers(3)]
    period, hollow = rng.uniform(0.42, 1.0), rng.uniform(350, 1300)

    def stride() -> Signal:
        n = int(period * rng.uniform(0.97, 1.03) * rate)
        out = np.zeros(n)
        for beat in pattern:
            size = min(int(0.09 * rate), n)
            t = np.arange(size) / rate
            hz = hollow * rng.uniform(0.85, 1.2)
            clop = np.sin(2 * np.pi * hz * t) + 0.5 * np.sin(2 * np.pi * 2.3 * hz * t)
            clop += shaped_noise(rng, size, rate, band(150, 3500))
            clop *= np.exp(-t / rng.uniform(0.008, 0.02)) * np.minimum(1, t * 2000)
            first = min(int(beat * n), n - size)
            out[first : first + size] += clop * rng.uniform(0.6, 1)
        return out

    return repeat_calls(rng, seconds, rate, stride, (0.0, 0.01))


def frog(rng: Rng, seconds: float, rate: int) -> Signal:
    """Croaks: trains of pulses ringing in a throat pouch; one frog or a pond of them."""

    def pond_frog() -> Signal:
        hz, pulses = rng.uniform(450, 2400), rng.uniform(18, 55)
        lengths = (0.12, 0.3) if rng.uniform() < 0.5 else (0.3, 0.8)
        gap = (rng.uniform(0.08, 0.3), rng.uniform(0.35, 0.9))

        def croak() -> Signal:
            n = random_length(rng, rate, *lengths)
            t = np.arange(n) / rate
            pulse = (t * pulses * (1 + 0.1 * t)) % 1.0
            carrier = sweep(hz * contour(n, [(0, 0.9), (0.5, 1.05), (1, 1.0)]), rate)
            carrier += 0.4 * sweep(np.full(n, hz * 2.02), rate) + 0.3 * sweep(
                np.full(n, hz * 0.5), rate
            )
            return carrier * np.exp(-pulse * rng.uniform(3, 6)) * swell(n, rate, 0.03, 0.06)

        return repeat_calls(rng, seconds, rate, croak, gap)

    out = pond_frog()
    for _ in range(int(rng.integers(0, 4))):
        out = out + rng.uniform(0.15, 0.6) * pond_frog()
    return out


def insects(rng: Rng, seconds: float, rate: int) -> Signal:
    """Crickets chirping, cicadas buzzing: high carriers under file-like pulse trains."""
    t = seconds_axis(seconds, rate)
    out = np.zeros(t.size)
    for _ in range(int(rng.integers(1, 6))):
        hz = min(rng.uniform(2400, 6800), 0.42 * rate)
        pulses = rng.uniform(22, 70)
        pulse = np.clip(np.sin(2 * np.pi * pulses * t + rng.uniform(0, 6)), 0, 1) ** 1.5
        chirp = np.ones(t.size)
        if rng.uniform() < 0.65:
            period, duty = rng.uniform(0.25, 1.1), rng.uniform(0.25, 0.7)
            place = (t / period + rng.uniform()) % 1.0
            chirp = np.clip(np.minimum(place, duty - place) * 12, 0, 1)
        tone = np.sin(2 * np.pi * hz * t + 0.4 * np.sin(2 * np.pi * pulses * t))
        if rng.uniform() < 0.3:
            tone = 0.5 * tone + 0.7 * shaped_noise(rng, t.size, rate, band(hz * 0.8, hz * 1.2, 6))
        out += tone * pulse * chirp * np.exp(rng.normal(0, 0.5))
    return out + 0.02 * shaped_noise(rng, t.size, rate, band(2000, 7000))
