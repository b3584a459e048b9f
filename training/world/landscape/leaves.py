"""Leaves: a heap of turned ones under a branch, and those that fall on it."""

from __future__ import annotations

from functools import cache

import numpy as np
import skia

from training.world.brush import Brush, flat, mix, outline, spot_x, stroke
from training.world.light import Rgb

TURNED: tuple[Rgb, ...] = ((224, 74, 40), (246, 168, 40), (204, 46, 50), (238, 118, 34))
"""Red, yellow and orange of autumn."""

_MAPLE = (
    (1.0, 0.0), (0.62, 0.15), (0.66, 0.34), (0.40, 0.24), (0.34, 0.92), (0.12, 0.62), (-0.02, 0.74),
    (-0.06, 0.34), (-0.52, 0.64), (-0.50, 0.16), (-0.62, 0.0),
)  # fmt: skip
"""One side of a maple leaf of length 2, from its tip to its stem."""


@cache
def _leaf(maple: bool) -> skia.Path:
    """A leaf about (0, 0) whose tip lies at (1, 0): with the lobes of a maple, or pointed."""
    if maple:
        side = np.array(_MAPLE)
        return outline(np.r_[side[:, 0], side[-2:0:-1, 0]], np.r_[side[:, 1], -side[-2:0:-1, 1]])
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    x = np.cos(angle)
    return outline(x, 0.55 * np.sin(angle) * (1 - 0.25 * x) * np.abs(np.sin(angle)) ** 0.3)


def draw_leaf(
    brush: Brush, x: float, y: float, size: float, tone: Rgb, turn: float, flat_on: float = 1.0,
    maple: bool = True,
) -> None:  # fmt: skip
    """One leaf.

    Args:
        x: of its middle, like `y` and `size` (half its length) in pixels.
        tone: as it is lit.
        turn: degrees clockwise.
        flat_on: 1 seen from above, towards 0 from its edge.
    """
    at = skia.Matrix()
    at.setScale(size, size * flat_on)
    at.postRotate(turn)
    at.postTranslate(x, y)
    leaf, rib = skia.Path(_leaf(maple)), skia.Path()
    leaf.transform(at)
    rib.moveTo(-1.15, 0)
    rib.lineTo(0.7, 0)
    rib.transform(at)
    if brush.paper:
        brush.shadow(leaf, 0.5)
    dark = mix(tone, (70, 20, 24), 0.5)
    brush.canvas.drawPath(leaf, flat(tone))
    brush.canvas.drawPath(leaf, stroke(dark, 170, 0.07 * size))
    brush.canvas.drawPath(rib, stroke(dark, 230, 0.11 * size))


def draw_leaves(brush: Brush, strength: float) -> None:
    """A heap of autumn leaves at the viewer's feet; large ones fall on it from a branch."""
    rng, h = brush.rng(16), brush.height
    x = spot_x(brush.scene, rng, 0.2, 0.8) * brush.width
    loud = 0.7 + 0.3 * strength
    tall = (0.20 if brush.scene.kind == "scene" else 0.34) * h * loud
    size = (0.036 if brush.scene.kind == "scene" else 0.066) * h * loud
    half = 1.35 * tall
    side = -1.0 if x < brush.width / 2 else 1.0
    tones = [brush.lit(tone) for tone in TURNED]
    _branch(brush, rng, x + side * 0.4 * half, side, size, tones)
    _heap(brush, rng, x, half, tall, size, tones)
    many = 4 + int(5 * strength)
    for index in range(many):
        down = (index + rng.uniform(0.2, 0.8)) / many
        y = (0.16 + 0.80 * down) * (h - tall)
        across = x + 0.75 * half * np.sin(2.6 * np.pi * down + side) + rng.normal(0, 0.1) * half
        draw_leaf(brush, float(across), float(y), size * rng.uniform(0.85, 1.15),
                  tones[index % 4], rng.uniform(0, 360), rng.uniform(0.65, 1.0))  # fmt: skip


def _heap(
    brush: Brush, rng: np.random.Generator, x: float, half: float, tall: float, size: float,
    tones: list[Rgb],
) -> None:  # fmt: skip
    """A mound that is leaves all over, `tall` above the lower edge of the picture."""
    foot = brush.height + 0.1 * tall
    angle = np.linspace(0, np.pi, 24)
    mound = outline(x - half * np.cos(angle), foot - 1.02 * tall * np.sin(angle) ** 0.9)
    brush.shape(mound, mix(tones[3], (90, 30, 20), 0.25), mix(tones[2], (50, 20, 30), 0.5), 1.0)
    for row, up in enumerate((0.94, 0.74, 0.54, 0.34, 0.14)):
        reach = half * (1 - up**2.2) ** 0.5
        many = max(3, round(1.25 * reach / size))
        for place in np.linspace(-1, 1, many) + rng.normal(0, 0.06, many):
            lean = 90 * float(place) + rng.normal(0, 50) - 90
            draw_leaf(brush, x + float(place) * reach, foot - (up + rng.normal(0, 0.03)) * tall,
                      size * (1 + 0.05 * row), tones[int(rng.integers(4))], lean,
                      rng.uniform(0.75, 1.0), bool(rng.random() < 0.75))  # fmt: skip


def _branch(
    brush: Brush, rng: np.random.Generator, x: float, side: float, size: float, tones: list[Rgb]
) -> None:
    """A branch that reaches in at the top, with its last leaves."""
    start, tip = (x + side * 8 * size, -1.2 * size), (x - side * 2.2 * size, 1.9 * size)
    bough = skia.Path()
    bough.moveTo(*start)
    bough.quadTo(x + side * 2 * size, 0.6 * size, *tip)
    bough.moveTo(x + side * 2.4 * size, 0.85 * size)
    bough.quadTo(x + side * 0.6 * size, 1.6 * size, x + side * 0.2 * size, 2.9 * size)
    bark = mix(brush.light.trunk, (40, 24, 24), 0.4)
    brush.canvas.drawPath(bough, stroke(bark, 255, 0.42 * size))
    for along in (0.0, 0.22, 0.42, 0.6, 0.8):
        at = x - side * 2.2 * size + side * 10 * size * along
        down = 2.6 * size - 2.6 * size * along + 0.7 * size * (-1) ** int(10 * along)
        draw_leaf(brush, at, down, size, tones[int(rng.integers(4))], 90 + rng.normal(0, 35))
