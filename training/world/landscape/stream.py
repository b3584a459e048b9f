"""A brook that winds from the hills to the viewer, between stones."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import WHITE, Brush, flat, mix, outline, spot_x, stroke
from training.world.layout import aspect, stance

STEPS = 40
"""Points along the brook, from the hills to the lower edge."""


def _course(brush: Brush, strength: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(40,) each, px: the middle of the brook, half its width, and its height in the picture."""
    scene, w, h = brush.scene, brush.width, brush.height
    rng = brush.rng(8)
    top = (scene.horizon + 0.03) * h
    swimming = [s for s in scene.subjects if stance(s.label) == "water"]
    steps = np.linspace(0, 1, STEPS)
    y = top + (h + 6 - top) * steps**1.3
    end = spot_x(scene, rng, 0.15, 0.85) * w
    knots = {0.0: rng.uniform(0.4, 0.6) * w, 1.0: end}
    half = (0.17 + 0.13 * strength) * h * brush.scale**0.5
    reach = 0.014 * h + half * steps**1.1
    sway = rng.choice((-1, 1)) * 0.20 * h * np.sin(2.7 * np.pi * steps) * (0.3 + 0.7 * steps)
    for subject in swimming:  # the water goes where something swims in it
        at = float(np.clip((subject.foot * h - top) / (h + 6 - top), 0.05, 0.9)) ** (1 / 1.3)
        knots[at] = subject.x * w
        sway = sway * 0.3
        needed = 0.72 * subject.height * h * aspect(subject.label, subject.look)
        reach = np.maximum(reach, needed / (1 + np.exp(-(steps - at + 0.16) / 0.06)))
        knots[1.0] = 0.6 * subject.x * w + 0.4 * end
    at_knots = sorted(knots)
    kernel = np.hanning(19) / np.hanning(19).sum()
    centre = np.interp(steps, at_knots, [knots[k] for k in at_knots])
    padded = np.pad(centre, 9, mode="reflect", reflect_type="odd")
    return np.convolve(padded, kernel, mode="valid") + sway, reach, y


def draw_stream(brush: Brush, strength: float) -> None:
    """The brook, broader the louder it is: blue water, white where it runs fast."""
    light = brush.light
    rng = brush.rng(20)
    centre, reach, y = _course(brush, strength)
    edges = 1.14 * reach + 0.006 * brush.height
    bank = outline(np.r_[centre - edges, (centre + edges)[::-1]], np.r_[y, y[::-1]])
    sand = mix(brush.lit((226, 204, 160)), light.tint(WHITE), 0.5 * light.snow)
    brush.shape(bank, sand, None, 0.3)
    path = outline(np.r_[centre - reach, (centre + reach)[::-1]], np.r_[y, y[::-1]])
    water = brush.lit((62, 160, 226))
    brush.shape(path, mix(water, light.sea[0], 0.25), mix(water, (14, 66, 140), 0.35), 0.7)
    white = mix(brush.lit(WHITE), WHITE, 0.4)
    for share in (-0.66, -0.36, -0.05, 0.28, 0.60):
        start = int(rng.integers(3, 9))
        while start < STEPS - 4:
            part = slice(start, start + int(rng.integers(5, 8)))
            ripple = 0.07 * np.sin(1.5 * np.arange(STEPS)[part])
            line = outline(centre[part] + (share + ripple) * reach[part], y[part], closed=False)
            brush.canvas.drawPath(line, stroke(white, 225, 0.06 * float(reach[part].mean())))
            start = part.stop + int(rng.integers(3, 7))
    _stones(brush, rng, centre, reach, y)


def _stones(
    brush: Brush, rng: np.random.Generator, centre: np.ndarray, reach: np.ndarray, y: np.ndarray
) -> None:
    """Round stones along both banks, and a few in the water with foam about them."""
    light = brush.light
    grey = mix(brush.lit((150, 148, 156)), light.tint(WHITE), 0.5 * light.snow)
    places = [(index, side * rng.uniform(0.98, 1.12)) for index in range(10, STEPS - 1, 6)
              for side in (-1, 1)]  # fmt: skip
    places += [(int(index), rng.uniform(-0.5, 0.5)) for index in (13, 24, 33)]
    for index, side in sorted(places):
        half = 0.17 * float(reach[index]) * rng.uniform(0.75, 1.25)
        x, foot = float(centre[index] + side * reach[index]), float(y[index])
        if abs(side) < 0.9:
            ring = skia.Rect.MakeLTRB(x - 1.35 * half, foot - 0.2 * half, x + 1.35 * half,
                                      foot + 0.85 * half)  # fmt: skip
            brush.canvas.drawOval(ring, flat(WHITE, 215))
        stone = skia.Path()
        stone.addOval(skia.Rect.MakeLTRB(x - half, foot - 0.85 * half, x + half, foot + 0.6 * half))
        brush.shape(stone, mix(grey, WHITE, 0.28), mix(grey, (24, 28, 48), 0.45), 0.5)
