"""Houses, a farm, a town's roofs and a harbour: places where people live, never too many."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import Brush, colour, flat, free_x, mix, radial, stroke
from training.world.light import Rgb

_WALLS: tuple[Rgb, ...] = ((250, 238, 216), (240, 214, 180), (226, 226, 228), (236, 196, 176))
_ROOFS: tuple[Rgb, ...] = ((196, 88, 66), (164, 78, 70), (112, 104, 122), (206, 124, 76))
_LAMP: Rgb = (255, 214, 120)


def draw_buildings(brush: Brush) -> None:
    """What stands at the horizon of a village, a town, a farm or a harbour."""
    horizon = brush.scene.horizon * brush.height
    rng = brush.rng(10)
    match brush.scene.place:
        case "village":
            _village(brush, rng, horizon + 0.075 * brush.height)
        case "town":
            _town(brush, rng, horizon + 0.06 * brush.height)
        case "farm":
            _farm(brush, rng, horizon + 0.12 * brush.height)
        case "harbour":
            _harbour(brush, rng, horizon + 0.01 * brush.height)


def _window(brush: Brush, x: float, y: float, size: float, chance: float) -> None:
    light = brush.light
    shine = light.dark * (chance < 0.75)
    tone = mix(light.tint((126, 150, 176)), _LAMP, shine)
    brush.canvas.drawRect(skia.Rect.MakeXYWH(x, y, size, 1.25 * size), flat(tone))
    if shine > 0.4:
        glow = radial(x + size / 2, y + size / 2, 2.4 * size, [colour(_LAMP, 90 * shine),
                      colour(_LAMP, 0)])  # fmt: skip
        brush.canvas.drawCircle(x + size / 2, y + size / 2, 2.4 * size, glow)


def _house(
    brush: Brush, rng: np.random.Generator, x: float, foot: float, tall: float, distance: float,
    wall: Rgb | None = None,
) -> None:  # fmt: skip
    """A gabled house; `tall` to the ridge, in pixels."""
    light = brush.light
    wide = tall * rng.uniform(0.85, 1.35)
    eaves = foot - 0.52 * tall
    tone = light.far(light.tint(wall or _WALLS[int(rng.integers(4))]), distance)
    walls = skia.Path()
    walls.addRect(skia.Rect.MakeLTRB(x - wide / 2, eaves - 1, x + wide / 2, foot))
    brush.shape(walls, tone, mix(tone, (40, 40, 70), 0.12), 0.6)
    cover = light.tint(_ROOFS[int(rng.integers(4))])
    cover = light.far(mix(cover, light.tint((246, 249, 252)), 0.85 * light.snow), distance)
    roof = skia.Path()
    over = 0.07 * wide
    if rng.random() < 0.5:
        roof.moveTo(x - wide / 2 - over, eaves)
        roof.lineTo(x, foot - tall)
        roof.lineTo(x + wide / 2 + over, eaves)
    else:
        roof.moveTo(x - wide / 2 - over, eaves)
        roof.lineTo(x - wide / 2 + 1.8 * over, foot - 0.95 * tall)
        roof.lineTo(x + wide / 2 - 1.8 * over, foot - 0.95 * tall)
        roof.lineTo(x + wide / 2 + over, eaves)
    roof.close()
    brush.shape(roof, cover, mix(cover, (30, 30, 60), 0.18), 0.6)
    size = 0.15 * tall
    for place in (-0.27, 0.16):
        _window(brush, x + place * wide, foot - 0.40 * tall, size, rng.random())


def _village(brush: Brush, rng: np.random.Generator, foot: float) -> None:
    """A group of houses on a rise, small enough to leave the meadow to the subjects."""
    h = brush.height
    middle = free_x(brush.scene, rng, 0.15, 0.85) * brush.width
    for x in np.sort(rng.normal(0, 0.30, size=int(rng.integers(6, 10)))):
        tall = rng.uniform(0.075, 0.12) * h * brush.scale
        at = middle + float(x) * h * brush.scale
        _house(brush, rng, at, foot + rng.uniform(-0.01, 0.03) * h, tall, 0.16)


def _town(brush: Brush, rng: np.random.Generator, foot: float) -> None:
    """Two rows of roofs across the picture, the farther one taller and paler."""
    light, w, h = brush.light, brush.width, brush.height
    for tall, distance, many in ((0.25, 0.58, 13), (0.14, 0.28, 11)):
        x = -0.02 * w
        while x < w:
            wide = w * rng.uniform(0.7, 1.4) / many * brush.scale
            rise = tall * h * rng.uniform(0.55, 1.1) * brush.scale**0.5
            wall = mix(light.tint(_WALLS[int(rng.integers(4))]), light.cloud_shade, 0.25)
            tone = light.far(wall, distance)
            block = skia.Path()
            block.addRect(skia.Rect.MakeLTRB(x, foot - rise, x + wide, foot + 0.06 * h))
            if rng.random() < 0.5:
                block.moveTo(x - 0.03 * wide, foot - rise + 1)
                block.lineTo(x + wide / 2, foot - rise - 0.35 * wide)
                block.lineTo(x + 1.03 * wide, foot - rise + 1)
                block.close()
            brush.shape(block, mix(tone, light.body, 0.08), mix(tone, light.haze, 0.3), 0.6)
            size = 0.012 * h * brush.scale
            shine = light.dark * (1 - distance)
            for row in range(int(rise / (3.2 * size))):
                for column in range(int(wide / (2.6 * size))):
                    lamp = rng.random() < 0.4
                    pane = mix(mix(tone, (50, 60, 90), 0.22), _LAMP, shine * lamp)
                    left = x + (0.8 + 2.5 * column) * size
                    up = foot - rise + (1 + 3.1 * row) * size
                    brush.canvas.drawRect(
                        skia.Rect.MakeXYWH(left, up, size, 1.4 * size), flat(pane)
                    )
            x += wide * 1.02


def _farm(brush: Brush, rng: np.random.Generator, foot: float) -> None:
    """A red barn with its house, and a fence along the field."""
    light, w, h = brush.light, brush.width, brush.height
    x = free_x(brush.scene, rng, 0.14, 0.86) * w
    tall = rng.uniform(0.13, 0.17) * h * brush.scale**0.5
    side = float(rng.choice((-1, 1)))
    _house(brush, rng, x + side * 1.15 * tall, foot - 0.005 * h, 0.75 * tall, 0.14)
    _house(brush, rng, x, foot, tall, 0.10, (190, 72, 58))
    gate = skia.Rect.MakeLTRB(x - 0.12 * tall, foot - 0.26 * tall, x + 0.12 * tall, foot)
    white = mix(light.tint((252, 244, 232)), light.haze, 0.1)
    brush.canvas.drawRect(gate, stroke(white, 255, 0.02 * tall))
    brush.canvas.drawLine(gate.left(), gate.top(), gate.right(), gate.bottom(),
                          stroke(white, 255, 0.02 * tall))  # fmt: skip
    fence = skia.Path()
    rail = foot + 0.055 * h
    start = 0.0 if x > w / 2 else 0.45 * w
    step = 0.05 * h * brush.scale
    for post in np.arange(start, start + 0.55 * w, step).tolist():
        fence.moveTo(post, rail)
        fence.rLineTo(0, -0.035 * h * brush.scale)
    for up in (0.012, 0.026):
        fence.moveTo(start, rail - up * h * brush.scale)
        fence.lineTo(start + 0.55 * w, rail - up * h * brush.scale)
    brush.canvas.drawPath(fence, stroke(mix(white, light.trunk, 0.25), 235, 0.0055 * h))


def _harbour(brush: Brush, rng: np.random.Generator, foot: float) -> None:
    """Houses along the far quay, and a lighthouse at its end."""
    light, w, h = brush.light, brush.width, brush.height
    side = 0.0 if rng.random() < 0.5 else 1.0
    reach = rng.uniform(0.45, 0.6)
    for at in np.sort(rng.uniform(0, reach, size=int(rng.integers(7, 10)))):
        x = abs(side - float(at)) * w
        _house(brush, rng, x, foot, rng.uniform(0.08, 0.13) * h * brush.scale, 0.2)
    end = abs(side - reach - 0.08) * w
    quay = skia.Path()
    left, right = (-9.0, end) if side == 0 else (end, w + 9.0)
    quay.addRect(skia.Rect.MakeLTRB(left - 0.03 * h, foot - 1, right + 0.03 * h, foot + 0.022 * h))
    stone = light.far(light.tint((150, 138, 130)), 0.15)
    brush.shape(quay, stone, mix(stone, (30, 30, 50), 0.25), 0.5)
    tall, wide = 0.21 * h * brush.scale**0.5, 0.030 * h
    tower = skia.Path()
    tower.moveTo(end - wide, foot)
    tower.lineTo(end - 0.6 * wide, foot - tall)
    tower.lineTo(end + 0.6 * wide, foot - tall)
    tower.lineTo(end + wide, foot)
    tower.close()
    white = light.far(light.tint((250, 246, 238)), 0.1)
    brush.shape(tower, white, mix(white, (60, 60, 90), 0.2), 0.6)
    red = flat(light.far(light.tint((204, 70, 60)), 0.1))
    brush.canvas.save()
    brush.canvas.clipPath(tower, doAntiAlias=True)
    for band in (0.22, 0.58):
        brush.canvas.drawRect(
            skia.Rect.MakeLTRB(end - wide, foot - (band + 0.16) * tall, end + wide,
                               foot - band * tall), red
        )  # fmt: skip
    brush.canvas.restore()
    if light.dark > 0.2:
        glow = [colour(_LAMP, 220 * light.dark), colour(_LAMP, 0)]
        brush.canvas.drawCircle(end, foot - 1.06 * tall, 0.07 * h,
                                radial(end, foot - 1.06 * tall, 0.07 * h, glow))  # fmt: skip
    brush.canvas.drawRect(
        skia.Rect.MakeLTRB(end - 0.5 * wide, foot - 1.12 * tall, end + 0.5 * wide, foot - tall),
        flat(mix(light.tint((250, 226, 150)), _LAMP, light.dark)),
    )
    cap = skia.Path()
    cap.moveTo(end - 0.8 * wide, foot - 1.12 * tall)
    cap.lineTo(end, foot - 1.26 * tall)
    cap.lineTo(end + 0.8 * wide, foot - 1.12 * tall)
    cap.close()
    brush.canvas.drawPath(cap, red)
