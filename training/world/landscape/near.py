"""Sounds that show close to the viewer: a whirl of leaves, drops that fall into a pool."""

from __future__ import annotations

from functools import cache

import numpy as np
import skia

from training.world.brush import WHITE, Brush, colour, flat, free_x, mix, outline, stroke, upright
from training.world.light import Rgb

_TURNED: tuple[Rgb, ...] = ((222, 98, 42), (240, 172, 56), (190, 60, 46), (226, 132, 48))


@cache
def _leaf(variant: int) -> skia.Path:
    """A leaf of length 2 about (0, 0): pointed, or with the lobes of a maple."""
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    if variant:
        radius = 0.62 + 0.38 * np.abs(np.cos(2.5 * angle)) ** 0.7
        radius[np.abs(angle - np.pi) < 0.5] *= 0.8
        return outline(radius * np.cos(angle), 0.92 * radius * np.sin(angle))
    x = np.cos(angle)
    return outline(x, 0.52 * np.sin(angle) * (1 - 0.25 * x) * np.abs(np.sin(angle)) ** 0.3)


def draw_leaves(brush: Brush, strength: float) -> None:
    """Autumn leaves that whirl past the viewer and lie along the lower edge."""
    rng, light, w, h = brush.rng(16), brush.light, brush.width, brush.height
    many = int((12 + 42 * strength) * (1 if brush.scene.kind == "scene" else 0.62))
    centre = free_x(brush.scene, rng, 0.25, 0.75) * w
    along = np.sort(rng.uniform(0, 1, many))
    turn = along * 3.4 * np.pi + rng.uniform(0, 6)
    spread = (0.14 + 0.75 * along) * 0.5 * w
    x = centre + spread * np.cos(turn) + rng.normal(0, 0.03, many) * h
    y = (0.93 - 0.72 * along + 0.10 * np.sin(turn) * (0.4 + along)) * h
    lying = rng.random(many) < 0.3
    x = np.where(lying, rng.uniform(0, 1, many) * w, x)
    y = np.where(lying, rng.uniform(0.90, 0.99, many) * h, y)
    sizes = rng.uniform(0.017, 0.036, many) * h * (0.75 + 0.45 * strength) * brush.scale
    for index in range(many):
        variant, tint = index % 3 != 0, _TURNED[int(rng.integers(4))]
        r, g, b = (c * (0.35 + 0.65 * a) for c, a in zip(tint, light.ambient, strict=True))
        tone = (min(255, round(r)), min(255, round(g)), min(255, round(b)))
        canvas = brush.canvas
        leaf = skia.Path(_leaf(int(variant)))
        squash = rng.uniform(0.45, 1.0)
        matrix = skia.Matrix()
        matrix.setScale(float(sizes[index]), float(sizes[index] * squash))
        matrix.postRotate(float(rng.uniform(0, 360)))
        matrix.postTranslate(float(x[index]), float(y[index]))
        leaf.transform(matrix)
        if brush.paper:
            brush.shadow(leaf, 0.6)
        canvas.drawPath(leaf, flat(tone))
        rib = skia.Path()
        rib.moveTo(-1.35, 0)
        rib.lineTo(0.75, 0)
        rib.transform(matrix)
        canvas.drawPath(rib, stroke(mix(tone, (90, 30, 20), 0.4), 220, 0.09 * sizes[index]))


def draw_drops(brush: Brush, strength: float) -> None:
    """A twig with wet leaves over a pool: large drops fall from it and draw rings."""
    rng, light, w, h = brush.rng(17), brush.light, brush.width, brush.height
    x = free_x(brush.scene, rng, 0.14, 0.86) * w
    scale = brush.scale * (0.8 + 0.35 * strength)
    pool = 0.90 * h
    deep, shine = mix(light.sea[1], (40, 110, 150), 0.3), mix(light.sea[0], WHITE, 0.25)
    half = 0.20 * h * scale
    oval = skia.Rect.MakeLTRB(x - half, pool - 0.24 * half, x + half, pool + 0.24 * half)
    water = skia.Path()
    water.addOval(oval)
    rim = mix(light.ground[1], (40, 44, 50), 0.35)
    brush.canvas.drawOval(oval.makeOutset(0.012 * h, 0.008 * h), flat(rim, 190))
    brush.shape(water, mix(shine, deep, 0.35), deep, 0.4)
    for ring in (0.26, 0.5, 0.76):
        box = skia.Rect.MakeLTRB(
            x - ring * half, pool - 0.22 * ring * half, x + ring * half, pool + 0.22 * ring * half
        )
        brush.canvas.drawOval(box, stroke(mix(shine, WHITE, 0.5), 235 - 130 * ring, 0.008 * h))
    crown = skia.Path()
    for turn in (-0.9, -0.35, 0.35, 0.9):
        crown.moveTo(x + 0.10 * turn * half, pool)
        crown.quadTo(
            x + 0.16 * turn * half, pool - 0.22 * half, x + 0.30 * turn * half, pool - 0.26 * half
        )
    brush.canvas.drawPath(crown, stroke(mix(shine, WHITE, 0.4), 235, 0.010 * h))
    top = 0.20 * h
    _twig(brush, rng, x, top, scale)
    many = 2 + int(2.4 * strength)
    for index in range(many):
        down = 0.05 + 0.92 * (index + rng.uniform(0.35, 0.65)) / many
        y = top + down * (pool - 0.1 * h - top)
        _drop(brush, x + rng.normal() * 0.006 * h, y, 0.032 * h * scale)


def _twig(brush: Brush, rng: np.random.Generator, x: float, y: float, scale: float) -> None:
    """A twig that reaches in from the nearer side or from above, its last leaf over `x`."""
    light, w, h = brush.light, brush.width, brush.height
    side = -1.0 if x < w / 2 else 1.0
    start = (x + side * 0.42 * h * scale, y - 0.22 * h * scale)
    branch = skia.Path()
    branch.moveTo(*start)
    branch.quadTo(x + side * 0.16 * h * scale, y - 0.15 * h * scale, x, y - 0.05 * h)
    bark = mix(light.trunk, (40, 30, 30), 0.3)
    brush.canvas.drawPath(branch, stroke(bark, 255, 0.014 * h * scale))
    green = light.tint({"autumn": (206, 120, 50), "winter": (110, 140, 120)}.get(
        brush.scene.season, (92, 160, 74)))  # fmt: skip
    for along, turn in ((0.0, 72), (0.3, 30), (0.42, 140), (0.68, 25), (0.8, 150)):
        leaf = skia.Path(_leaf(0))
        reach = 0.062 * h * scale
        matrix = skia.Matrix()
        matrix.setScale(reach, reach)
        matrix.postTranslate(0.9 * reach, 0)
        matrix.postRotate(turn + float(rng.uniform(-8, 8)))
        bx = x + side * 0.42 * h * scale * along
        by = y - 0.05 * h - 0.14 * h * scale * along**0.8
        matrix.postTranslate(bx, by)
        leaf.transform(matrix)
        brush.shape(leaf, mix(green, light.body, 0.15), mix(green, (16, 40, 50), 0.2), 0.5)


def _drop(brush: Brush, x: float, y: float, radius: float) -> None:
    """A drop that hangs in the air, round below and pointed above."""
    light = brush.light
    path = skia.Path()
    path.moveTo(x, y - 2.1 * radius)
    path.cubicTo(x + 0.35 * radius, y - 1.2 * radius, x + radius, y - 0.7 * radius, x + radius, y)
    path.arcTo(skia.Rect.MakeLTRB(x - radius, y - radius, x + radius, y + radius), 0, 180, False)
    path.cubicTo(x - radius, y - 0.7 * radius, x - 0.35 * radius, y - 1.2 * radius, x,
                 y - 2.1 * radius)  # fmt: skip
    path.close()
    blue = mix((96, 178, 232), light.sea[0], 0.2)
    if brush.paper:
        brush.shape(path, blue, None, 0.6)
    else:
        tones = [colour(mix(blue, WHITE, 0.55)), colour(mix(blue, (20, 70, 140), 0.35))]
        brush.canvas.drawPath(path, upright(y - 2 * radius, y + radius, tones))
    brush.canvas.drawPath(path, stroke(mix(blue, (16, 50, 110), 0.6), 170, 0.14 * radius))
    brush.canvas.drawCircle(x - 0.35 * radius, y + 0.05 * radius, 0.24 * radius, flat(WHITE, 240))
