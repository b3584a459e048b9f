"""Water drops: a tap that drips into a tub."""

from __future__ import annotations

import skia

from training.world.brush import WHITE, Brush, colour, flat, mix, spot_x, stroke, upright
from training.world.light import Rgb

_WOOD: Rgb = (150, 102, 64)
_BRASS: Rgb = (232, 184, 72)
_RED: Rgb = (208, 56, 48)
_BLUE: Rgb = (64, 164, 236)


def draw_drops(brush: Brush, strength: float) -> None:
    """A tap on a post: large drops fall from it and draw rings in the tub below."""
    h = brush.height
    x = spot_x(brush.scene, brush.rng(17), 0.16, 0.84) * brush.width
    unit = (0.58 if brush.scene.kind == "scene" else 0.98) * h * (0.76 + 0.24 * strength)
    foot = 0.975 * h
    side = -1.0 if x < brush.width / 2 else 1.0
    _tap(brush, x, foot, unit, side)
    pool = foot - 0.20 * unit
    _tub(brush, x, pool, foot, unit)
    _drop(brush, x, foot - 0.565 * unit, 0.042 * unit)
    _drop(brush, x, foot - 0.375 * unit, 0.066 * unit)
    if strength > 0.7:
        _drop(brush, x - side * 0.13 * unit, pool - 0.10 * unit, 0.024 * unit)
        _drop(brush, x + side * 0.14 * unit, pool - 0.13 * unit, 0.020 * unit)


def _tap(brush: Brush, x: float, foot: float, unit: float, side: float) -> None:
    """The post on one side of `x`, and the brass tap whose mouth is above `x`."""
    wood, brass, red = (brush.lit(tone) for tone in (_WOOD, _BRASS, _RED))
    stand = x + side * 0.34 * unit
    post = skia.Path()
    post.addRoundRect(skia.Rect.MakeLTRB(stand - 0.065 * unit, foot - 0.95 * unit,
                                         stand + 0.065 * unit, foot), 0.02 * unit,
                      0.02 * unit)  # fmt: skip
    brush.shape(post, mix(wood, WHITE, 0.12), mix(wood, (30, 20, 30), 0.3), 0.8)
    pipe, y = skia.Path(), foot - 0.78 * unit
    pipe.moveTo(stand - side * 0.04 * unit, y)
    pipe.lineTo(x + side * 0.09 * unit, y)
    pipe.quadTo(x, y, x, y + 0.085 * unit)
    dark = mix(brass, (90, 50, 20), 0.6)
    stem = skia.Path()
    stem.moveTo(x + side * 0.13 * unit, y)
    stem.rLineTo(0, -0.12 * unit)
    brush.canvas.drawPath(stem, stroke(dark, 255, 0.045 * unit))
    tube, square = skia.Path(), stroke(brass, 255, 0.09 * unit)
    square.setStrokeCap(skia.Paint.kButt_Cap)
    square.getFillPath(pipe, tube)
    brush.shape(tube, brass, None, 0.7)
    brush.canvas.drawPath(tube, stroke(dark, 255, 0.014 * unit))
    mouth = skia.Rect.MakeLTRB(x - 0.066 * unit, y + 0.075 * unit, x + 0.066 * unit,
                               y + 0.115 * unit)  # fmt: skip
    brush.canvas.drawRoundRect(mouth, 0.012 * unit, 0.012 * unit, flat(dark))
    flange = skia.Rect.MakeXYWH(stand - side * 0.075 * unit - 0.02 * unit, y - 0.075 * unit,
                                0.04 * unit, 0.15 * unit)  # fmt: skip
    brush.canvas.drawRoundRect(flange, 0.012 * unit, 0.012 * unit, flat(dark))
    handle = skia.Path()
    handle.addRoundRect(skia.Rect.MakeXYWH(x + side * 0.13 * unit - 0.10 * unit, y - 0.155 * unit,
                                           0.20 * unit, 0.052 * unit), 0.026 * unit,
                        0.026 * unit)  # fmt: skip
    brush.shape(handle, mix(red, WHITE, 0.1), mix(red, (60, 10, 20), 0.25), 0.5)
    shine = skia.Path()
    shine.moveTo(stand - side * 0.12 * unit, y - 0.018 * unit)
    shine.lineTo(x + side * 0.10 * unit, y - 0.018 * unit)
    brush.canvas.drawPath(shine, stroke(mix(brass, WHITE, 0.6), 220, 0.016 * unit))


def _tub(brush: Brush, x: float, pool: float, foot: float, unit: float) -> None:
    """A wooden tub, seen a little from above, with the rings of the last drop."""
    wood, blue = brush.lit((188, 124, 70)), brush.lit(_BLUE)
    half, deep = 0.235 * unit, 0.066 * unit
    wall = skia.Path()
    wall.moveTo(x - half, pool)
    wall.lineTo(x - 0.84 * half, foot - 0.02 * unit)
    wall.quadTo(x, foot + 0.03 * unit, x + 0.84 * half, foot - 0.02 * unit)
    wall.lineTo(x + half, pool)
    wall.close()
    brush.shape(wall, mix(wood, WHITE, 0.08), mix(wood, (40, 20, 20), 0.35), 1.0)
    hoop = skia.Path()
    hoop.moveTo(x - 0.93 * half, pool + 0.075 * unit)
    hoop.quadTo(x, pool + 0.155 * unit, x + 0.93 * half, pool + 0.075 * unit)
    brush.canvas.drawPath(hoop, stroke(brush.lit((96, 92, 100)), 255, 0.024 * unit))
    rim = skia.Rect.MakeLTRB(x - half, pool - deep, x + half, pool + deep)
    brush.canvas.drawOval(rim.makeOutset(0.016 * unit, 0.012 * unit), flat(mix(wood, WHITE, 0.3)))
    brush.canvas.drawOval(rim, flat(mix(blue, (10, 50, 120), 0.25)))
    for ring, alpha in ((0.84, 150), (0.56, 220), (0.26, 255)):
        box = skia.Rect.MakeLTRB(x - ring * half, pool - 0.8 * ring * deep, x + ring * half,
                                 pool + 0.8 * ring * deep)  # fmt: skip
        brush.canvas.drawOval(box, stroke(mix(blue, WHITE, 0.75), alpha, 0.016 * unit))
    crown = skia.Path()
    for turn in (-1.0, -0.4, 0.4, 1.0):
        crown.moveTo(x + 0.03 * turn * unit, pool - 0.01 * unit)
        crown.quadTo(x + 0.05 * turn * unit, pool - 0.06 * unit, x + 0.085 * turn * unit,
                     pool - (0.095 - 0.025 * abs(turn)) * unit)  # fmt: skip
    brush.canvas.drawPath(crown, stroke(mix(blue, WHITE, 0.7), 255, 0.018 * unit))


def _drop(brush: Brush, x: float, y: float, radius: float) -> None:
    """A drop about (x, y), round below and pointed above."""
    path = skia.Path()
    path.moveTo(x, y - 2.1 * radius)
    path.cubicTo(x + 0.35 * radius, y - 1.2 * radius, x + radius, y - 0.7 * radius, x + radius, y)
    path.arcTo(skia.Rect.MakeLTRB(x - radius, y - radius, x + radius, y + radius), 0, 180, False)
    path.cubicTo(x - radius, y - 0.7 * radius, x - 0.35 * radius, y - 1.2 * radius, x,
                 y - 2.1 * radius)  # fmt: skip
    path.close()
    blue = brush.lit(_BLUE)
    if brush.paper:
        brush.shape(path, blue, None, 0.6)
    else:
        tones = [colour(mix(blue, WHITE, 0.5)), colour(mix(blue, (10, 60, 150), 0.3))]
        brush.canvas.drawPath(path, upright(y - 2 * radius, y + radius, tones))
    brush.canvas.drawPath(path, stroke(mix(blue, (10, 40, 110), 0.7), 230, 0.16 * radius))
    brush.canvas.drawCircle(x - 0.36 * radius, y - 0.02 * radius, 0.27 * radius, flat(WHITE, 245))
