"""The line between open water and the near bank, bent so that all stand where they belong."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import Brush, flat, mix, outline
from training.world.landscape.land import POINTS, columns_px, fill_below
from training.world.layout import stance


def shore_line(brush: Brush) -> np.ndarray:
    """(65,) height of the bank's edge in pixels: water above it, land below.

    The bank comes up under what stands on land and draws back under what swims.
    """
    scene, h = brush.scene, brush.height
    rng = brush.rng(5)
    x = columns_px(brush) / brush.width
    tilt = rng.uniform(0.06, 0.24) * rng.choice((-1, 1))
    on_land = any(stance(subject.label) in ("ground", "tree") for subject in scene.subjects)
    rest = (1.02 if scene.place == "sea" else 0.97) - 0.06 * on_land + tilt * (x - 0.5)
    rest = rest - 0.025 * np.sin(6 * x + rng.uniform(0, 6))
    total, weights = rest * 0.06, np.full(POINTS, 0.06)
    for subject in scene.subjects:
        where = stance(subject.label)
        if where == "sky":
            continue
        half = subject.height * h / brush.width * (0.75 if where == "water" else 0.9)
        half = max(half, 0.1) * brush.scale**0.5
        near = np.exp(-(((x - subject.x) / half) ** 4))
        if where == "water":
            wanted = subject.foot + 0.07
        else:
            wanted = min(subject.foot - 0.06, 0.88)
            wanted = max(wanted, scene.horizon + (0.015 if where == "tree" else 0.06))
        total, weights = total + near * wanted, weights + near
    line = total / weights
    kernel = np.hanning(11) / np.hanning(11).sum()
    padded = np.pad(line, 5, mode="edge")
    return np.convolve(padded, kernel, mode="valid") * h


def draw_bank(brush: Brush, line: np.ndarray) -> None:
    """The near bank: sand at the sea, stone in a harbour, grass elsewhere."""
    light, h = brush.light, brush.height
    if float(line.min()) >= h:
        return
    place = brush.scene.place
    ground = light.ground[1]
    if place == "sea":
        sand = mix(light.tint((250, 222, 166)), light.tint((246, 249, 252)), 0.85 * light.snow)
        ground = sand
    elif place == "harbour":
        ground = mix(light.tint((176, 164, 152)), light.tint((240, 244, 248)), 0.6 * light.snow)
    wet = outline(
        np.r_[columns_px(brush), columns_px(brush)[::-1]],
        np.r_[line - 0.014 * h, (line + 0.02 * h)[::-1]],
    )
    foam = mix(light.sea[0], light.tint((255, 255, 255)), 0.7)
    brush.canvas.drawPath(wet, flat(foam, 190, 0 if brush.paper else 1.5))
    dark = mix(ground, (24, 34, 44), 0.18)
    bright = mix(ground, light.body, 0.2 if place == "sea" else 0.12)
    fill_below(brush, line, bright, dark, 0.25 * h, 0.8)
    if place == "harbour":
        edge = outline(columns_px(brush), line, closed=False)
        paint = flat(mix(ground, light.tint((110, 100, 96)), 0.6))
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(0.012 * h)
        brush.canvas.drawPath(edge, paint)
