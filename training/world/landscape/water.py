"""Open water that mirrors the sky, breakers, a fall from a cliff."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import (
    WHITE,
    Brush,
    colour,
    flat,
    free_x,
    mix,
    outline,
    stroke,
    upright,
)  # fmt: skip
from training.world.landscape.land import columns_px, fill_below, ridge
from training.world.landscape.sky import body_at
from training.world.landscape.trees import draw_tree


def draw_water(brush: Brush, top: float) -> None:
    """A sheet of water from `top` (pixels) to the lower edge: mirror, glitter and ripples."""
    light, w, h = brush.light, brush.width, brush.height
    rng = brush.rng(6)
    sheet = skia.Rect.MakeLTRB(0, top, w, h)
    if brush.paper:
        _paper_water(brush, rng, top)
    else:
        middle = mix(light.sea[0], light.sea[1], 0.55)
        paint = upright(top, h, [colour(c) for c in (light.sea[0], middle, light.sea[1])])
        brush.canvas.drawRect(sheet, paint)
        if brush.scene.place != "sea":  # the far shore stands on its head
            tone = light.far(mix(light.ground[1], light.tree, 0.6), 0.4)
            reach = 0.10 * h
            mirror = upright(top, top + reach, [colour(tone, 170), colour(tone, 0)])
            brush.canvas.drawRect(skia.Rect.MakeLTRB(0, top, w, top + reach), mirror)
    if light.body_size > 0.02:
        _glitter(brush, rng, top)
    ripples = skia.Path()
    for x, depth, long in rng.uniform(size=(int(34 / brush.scale), 3)):
        y = top + depth**1.5 * (h - top)
        reach = (0.008 + 0.05 * depth) * w * (0.4 + long)
        ripples.moveTo(x * w - reach, y)
        ripples.quadTo(x * w, y - 0.004 * h * (1 + depth), x * w + reach, y)
    tone = mix(light.sea[0], light.tint(WHITE), 0.35)
    brush.canvas.drawPath(ripples, stroke(tone, 110, 0.0045 * h))


def _paper_water(brush: Brush, rng: np.random.Generator, top: float) -> None:
    light, w, h = brush.light, brush.width, brush.height
    brush.canvas.drawRect(skia.Rect.MakeLTRB(0, top, w, h), flat(light.sea[0]))
    x = columns_px(brush)
    for step, depth in enumerate((0.10, 0.30, 0.56, 0.82)):
        wave = np.sin(x / h * (14 - 2.4 * step) + rng.uniform(0, 6)) * (0.005 + 0.004 * step) * h
        tone = mix(light.sea[0], light.sea[1], (step + 1) / 4)
        fill_below(brush, top + depth * (h - top) + wave, tone, tone, h, 0.7)


def _glitter(brush: Brush, rng: np.random.Generator, top: float) -> None:
    light, w, h = brush.light, brush.width, brush.height
    at = body_at(brush)[0]
    glints = skia.Path()
    for depth, side, long in rng.uniform(size=(34, 3)):
        y = top + depth**1.3 * (h - top)
        half = (0.006 + 0.028 * long) * h * (0.5 + 1.5 * depth)
        x = at + (side - 0.5) * (0.05 + 0.16 * depth) * h
        glints.addOval(skia.Rect.MakeLTRB(x - half, y, x + half, y + (0.003 + 0.006 * depth) * h))
    alpha = 205 * min(1.0, light.body_size / 0.06) * (1 - 0.6 * light.fog)
    brush.canvas.save()
    brush.canvas.clipRect(skia.Rect.MakeLTRB(0, top, w, h))
    brush.canvas.drawPath(glints, flat(light.body, alpha))
    brush.canvas.restore()


def draw_waves(brush: Brush, top: float, strength: float) -> None:
    """Rows of breakers with white crests, as high as the waves are loud."""
    rng = brush.rng(7)
    for depth in (0.06, 0.2, 0.4, 0.66):
        _crest(brush, rng, top + depth * (brush.height - top), depth, strength)


def _crest(
    brush: Brush, rng: np.random.Generator, base: float, depth: float, strength: float
) -> None:
    light, w, h = brush.light, brush.width, brush.height
    length = (0.22 + 0.62 * depth) * h * brush.scale**0.5
    swing = (0.045 + 0.24 * depth) * h * (0.30 + 0.70 * strength)
    tint = mix(light.sea[0], light.sea[1], 0.25 + 0.7 * depth)
    body, foam = skia.Path(), skia.Path()
    x = -rng.uniform(0, length) - length
    body.moveTo(x, h + 9)
    body.lineTo(x, base)
    while x < w + length:
        # rises slowly and curls over forward: the look of a picture-book wave
        up = swing * rng.uniform(0.75, 1.1)
        top = base - up
        body.cubicTo(
            x + 0.40 * length, base, x + 0.50 * length, top, x + 0.74 * length, top
        )  # fmt: skip
        body.cubicTo(
            x + 0.90 * length, base - 0.95 * up, x + 0.93 * length, base - 0.45 * up,
            x + 0.84 * length, base - 0.42 * up,
        )  # fmt: skip
        body.cubicTo(
            x + 0.78 * length, base - 0.1 * up, x + 0.88 * length, base, x + length, base
        )
        foam.moveTo(x + 0.36 * length, base - 0.34 * up)
        foam.cubicTo(
            x + 0.50 * length, base - 0.92 * up, x + 0.60 * length, base - 1.06 * up,
            x + 0.76 * length, base - 1.05 * up,
        )  # fmt: skip
        foam.cubicTo(
            x + 0.95 * length, base - up, x + 0.97 * length, base - 0.40 * up,
            x + 0.84 * length, base - 0.38 * up,
        )  # fmt: skip
        foam.cubicTo(
            x + 0.88 * length, base - 0.55 * up, x + 0.86 * length, base - 0.78 * up,
            x + 0.72 * length, base - 0.80 * up,
        )  # fmt: skip
        foam.cubicTo(
            x + 0.60 * length, base - 0.80 * up, x + 0.48 * length, base - 0.60 * up,
            x + 0.36 * length, base - 0.34 * up,
        )  # fmt: skip
        x += length
    body.lineTo(x, h + 9)
    body.close()
    white = mix(mix(light.tint(WHITE), light.sea[0], 0.12), WHITE, 0.25)
    glassy = mix(mix(tint, light.tint((120, 206, 206)), 0.35), white, 0.16)
    deep = mix(mix(tint, light.sea[1], 0.6), (10, 30, 60), 0.14)
    if brush.paper:
        brush.shape(body, mix(tint, deep, depth), None, 0.8)
    else:
        tones = [colour(glassy), colour(mix(glassy, deep, 0.75)), colour(deep)]
        brush.canvas.drawPath(body, upright(base - swing, base + 0.5 * swing, tones))
    brush.canvas.drawPath(body, stroke(white, 70 + 90 * strength, (0.003 + 0.006 * depth) * h))
    brush.canvas.drawPath(foam, flat(white, 165 + 85 * strength))


def draw_fall(brush: Brush, strength: float) -> None:
    """A cliff at one side of the picture, and the water that falls from it into the pool."""
    scene, light, w, h = brush.scene, brush.light, brush.width, brush.height
    rng = brush.rng(9)
    x = free_x(scene, rng, 0.16, 0.84) * w
    foot = (scene.horizon + 0.10) * h
    top = (0.20 - 0.05 * strength) * h
    half = (0.045 + 0.085 * strength) * h * brush.scale**0.5
    columns = columns_px(brush)
    spread = (0.36 + 0.12 * rng.random()) * h * brush.scale**0.5
    side = -1.0 if x < w / 2 else 1.0
    along = (columns - x) * side / spread  # the cliff runs out of the picture at the nearer side
    rise = np.where(along > 0, 1.0 + 0.12 * np.minimum(along, 2), 1 / (1 + np.abs(along) ** 5))
    rise = np.maximum(rise, 0.42 / (1 + np.abs(np.minimum(along, 0) / 1.9) ** 4))
    rough = ridge(brush, rng, 0.8, 3.0) * (0.03 + 0.05 * np.clip(np.abs(along) - 0.3, 0, 1))
    line = foot - (foot - top) * (rise + rough)
    rock = light.far(light.tint((136, 124, 122)), 0.08)
    cliff = outline(
        np.r_[columns, columns[-1], columns[0]], np.r_[line, foot + 4, foot + 4]
    )
    brush.shape(cliff, mix(rock, light.body, 0.15), mix(rock, (24, 24, 48), 0.4), 1.2)
    cracks = skia.Path()
    for at, down, long in rng.uniform(size=(26, 3)):
        a = x + (at - 0.5) * 2.2 * spread
        edge = float(np.interp(a, columns, line))
        b = edge + (0.06 + 0.8 * down) * (foot - edge)
        cracks.moveTo(a, b)
        cracks.rLineTo(0.012 * h * (down - 0.5), min(0.09 * long * h + 0.02 * h, foot - b))
    brush.canvas.drawPath(cracks, stroke(mix(rock, (24, 24, 48), 0.45), 120, 0.007 * h))
    green = outline(
        np.r_[columns, columns[::-1]], np.r_[line - 0.012 * h, (line + 0.022 * h)[::-1]]
    )
    brush.canvas.drawPath(green, flat(mix(light.ground[1], light.tree, 0.25)))
    for at in np.sort(rng.uniform(-0.9, 1.6, size=8)):
        if abs(at) * spread > 1.5 * half:
            tall = rng.uniform(0.07, 0.13) * h * brush.scale
            tree_x = x + side * float(at) * spread
            ground = float(np.interp(tree_x, columns, line)) + 0.01 * h
            draw_tree(brush, "fir", tree_x, ground, tall, 0.12, rng.random())
    _falling(brush, rng, x, float(np.interp(x, columns, line)) - 0.008 * h, foot, half, strength)


def _falling(
    brush: Brush, rng: np.random.Generator, x: float, top: float, foot: float, half: float,
    strength: float,
) -> None:  # fmt: skip
    light, h = brush.light, brush.height
    white = mix(light.tint(WHITE), WHITE, 0.3)
    blue = mix(light.sea[0], light.tint((120, 186, 222)), 0.5)
    y = np.linspace(top, foot + 0.02 * h, 20)
    wide = half * (0.8 + 0.35 * np.linspace(0, 1, 20) ** 2)
    path = outline(np.r_[x - wide, (x + wide)[::-1]], np.r_[y, y[::-1]])
    brush.shape(path, mix(blue, white, 0.75), mix(blue, white, 0.5), 0.8)
    streaks = skia.Path()
    for side, start, long in rng.uniform(size=(int(10 + 14 * strength), 3)):
        at = x + (side - 0.5) * 1.9 * half
        a = top + start * 0.7 * (foot - top)
        streaks.moveTo(at, a)
        streaks.lineTo(x + (at - x) * 1.12, min(foot, a + (0.15 + 0.4 * long) * (foot - top)))
    brush.canvas.drawPath(streaks, stroke(mix(blue, light.sea[1], 0.3), 150, 0.008 * h))
    for side, up, size in rng.uniform(size=(12, 3)):  # spray where it lands
        at = x + (side - 0.5) * 3.0 * half
        radius = (0.02 + 0.03 * size) * h * (0.6 + 0.6 * strength)
        y_at = foot + 0.015 * h - 0.03 * h * up
        soft = 0 if brush.paper else 0.25 * radius
        brush.canvas.drawCircle(at, y_at, radius, flat(white, 150, soft))
    grey = mix(light.tint((128, 122, 126)), light.tint(WHITE), 0.6 * light.snow)
    for at in (-1.9, -1.4, 1.45, 2.0):
        size = half * 0.30 * rng.uniform(0.8, 1.4) + 0.012 * h
        stone = skia.Path()
        middle = x + at * half * rng.uniform(0.9, 1.1)
        stone.addOval(skia.Rect.MakeLTRB(middle - size, foot - 0.7 * size, middle + size,
                                         foot + 0.035 * h))  # fmt: skip
        brush.shape(stone, mix(grey, light.body, 0.2), mix(grey, (24, 28, 48), 0.4), 0.6)
