"""Weather and lights in the air: rain, lightning, wind, fireworks and falling snow."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import WHITE, Brush, colour, flat, free_x, mix, radial, stroke
from training.world.landscape.sky import draw_cloud
from training.world.light import Rgb


def against(brush: Brush, pale: Rgb, deep: Rgb) -> Rgb:
    """The one of two tones that shows against this picture's air, or between in between."""
    brightness = sum(brush.light.haze) / 765
    return mix(pale, deep, float(np.clip((brightness - 0.55) / 0.2, 0, 1)))


def draw_rain(brush: Brush, strength: float) -> None:
    """Slanting streaks, denser and longer the louder the rain, and rings where they fall."""
    rng, w, h = brush.rng(11), brush.width, brush.height
    tone = against(brush, (220, 232, 246), (104, 130, 168))
    slant = float(rng.uniform(-0.25, 0.25))
    for layer, alpha in ((0.7, 120), (1.0, 185)):
        streaks = skia.Path()
        many = int((36 + 150 * strength) * w / h / 1.78 / brush.scale)
        for x, y, long in rng.uniform(size=(many, 3)):
            reach = (0.035 + 0.03 * long + 0.05 * strength) * h * layer * brush.scale
            streaks.moveTo(x * 1.2 * w - 0.1 * w, (y * 1.1 - 0.1) * h)
            streaks.rLineTo(slant * reach, reach)
        px = (0.0040 + 0.0018 * strength) * h * layer * brush.scale**0.5
        brush.canvas.drawPath(streaks, stroke(tone, alpha, px))
    for x, y in rng.uniform(size=(int(8 + 34 * strength), 2)):
        foot = (brush.scene.horizon + 0.14 + (0.84 - brush.scene.horizon) * y) * h
        half = (0.010 + 0.022 * y) * h * brush.scale
        ring = skia.Rect.MakeLTRB(x * w - half, foot, x * w + half, foot + 0.55 * half)
        brush.canvas.drawOval(ring, stroke(tone, 110, 0.0035 * h))
        splash = skia.Path()
        for turn in (-0.7, 0.0, 0.7):
            splash.moveTo(x * w + 0.4 * turn * half, foot)
            splash.rLineTo(0.5 * turn * half, -0.5 * half)
        brush.canvas.drawPath(splash, stroke(tone, 130, 0.0035 * h))


def draw_lightning(brush: Brush, strength: float) -> None:
    """A forked bolt from a dark cloud to the hills, with its light in the air around it."""
    rng, w, h = brush.rng(12), brush.width, brush.height
    x0 = free_x(brush.scene, rng, 0.22, 0.76) * w
    canvas = brush.canvas
    dusky = (44, 44, 74)
    cover = (0.45 + 0.45 * strength) * 255
    reach = (0.55 + 0.35 * strength) * h
    canvas.save()
    canvas.translate(x0, 0)
    canvas.scale(1.5, 1.0)
    canvas.drawCircle(
        0, 0.1 * h, reach, radial(0, 0.1 * h, reach, [colour(dusky, cover), colour(dusky, 0)])
    )
    canvas.restore()
    foot = (brush.scene.horizon + 0.02) * h
    bolts = []
    x, y = x0, 0.03 * h
    main = skia.Path()
    main.moveTo(x, y)
    bends = int(rng.integers(6, 9))
    for bend in range(bends):
        x += float(rng.uniform(0.02, 0.075)) * h * (1 if (bend + brush.scene.seed) % 2 else -1)
        y += (foot - 0.03 * h) / bends
        main.lineTo(x, y)
        if bend in (1, bends // 2) and (strength > 0.35 or bend == 1):
            side = float(rng.choice((-1, 1)))
            fork = skia.Path()
            fork.moveTo(x, y)
            fork.rLineTo(0.08 * side * h, 0.07 * h)
            fork.rLineTo(-0.02 * side * h, 0.03 * h)
            fork.rLineTo(0.06 * side * h, 0.09 * h)
            bolts.append((fork, 0.5))
    bolts.append((main, 1.0))
    flash = [colour((214, 218, 255), 60 + 130 * strength), colour((190, 196, 255), 0)]
    canvas.drawCircle(x0, 0.3 * h, 0.6 * h, radial(x0, 0.3 * h, 0.6 * h, flash))
    thick = (0.008 + 0.014 * strength) * h * brush.scale
    for path, share in bolts:
        if brush.paper:
            brush.shadow(path, 0.8)
        else:
            halo = stroke((176, 180, 255), 170, 3.2 * share * thick)
            halo.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 1.2 * thick))
            canvas.drawPath(path, halo)
        canvas.drawPath(path, stroke((255, 248, 206), 255, share * thick))
    for side in (-0.20, 0.22, 0.0):  # the clouds it comes from
        half = rng.uniform(0.20, 0.28) * h * brush.scale * (0.75 + 0.35 * strength)
        tone = mix(dusky, brush.light.cloud, 0.22)
        draw_cloud(brush, rng, x0 + side * h, 0.035 * h, float(half), 245, tone, 0.42)


def draw_wind(brush: Brush, strength: float) -> None:
    """Curling gusts, and a few small leaves that fly with them."""
    rng, w, h = brush.rng(13), brush.width, brush.height
    tone = against(brush, (236, 242, 252), (255, 255, 255))
    way = 1 if brush.scene.seed % 2 else -1
    for row in range(3 + int(3 * strength)):
        y = (0.10 + 0.125 * row + rng.uniform(-0.03, 0.03)) * h
        reach = rng.uniform(0.55, 0.85) * h * (0.7 + 0.3 * strength)
        x = rng.uniform(0.0, max(0.05, 1 - reach / w - 0.1)) * w
        curl = (0.035 + 0.035 * strength) * h
        gust = skia.Path()
        gust.moveTo(x, y)
        gust.cubicTo(x + 0.4 * reach, y - 1.3 * curl, x + 0.6 * reach, y + curl, x + reach, y)
        gust.cubicTo(
            x + reach + 1.9 * curl, y - 0.7 * curl, x + reach + 1.2 * curl, y - 2.6 * curl,
            x + reach - 0.2 * curl, y - 1.7 * curl,
        )  # fmt: skip
        gust.quadTo(x + reach - 0.5 * curl, y - 0.9 * curl, x + reach + 0.5 * curl, y - 0.8 * curl)
        gust.moveTo(x + 0.15 * reach, y + 0.9 * curl)
        gust.cubicTo(
            x + 0.45 * reach, y + 0.1 * curl, x + 0.6 * reach, y + 1.7 * curl, x + 0.85 * reach,
            y + 0.9 * curl,
        )  # fmt: skip
        brush.canvas.save()
        if way < 0:
            brush.canvas.translate(w, 0)
            brush.canvas.scale(-1, 1)
        px = (0.0055 + 0.0045 * strength) * h
        under = stroke(mix(brush.light.cloud_shade, (60, 80, 120), 0.45), 70, 1.7 * px)
        brush.canvas.drawPath(gust, under)
        brush.canvas.drawPath(gust, stroke(tone, 130 + 115 * strength, px))
        brush.canvas.restore()
    for x, y, turn in rng.uniform(size=(int(3 + 9 * strength), 3)):
        brush.canvas.save()
        brush.canvas.translate(x * w, (0.15 + 0.75 * y) * h)
        brush.canvas.rotate(360 * turn)
        half = 0.014 * h * brush.scale
        leaf = brush.light.tint(((168, 190, 84), (206, 168, 70), (150, 176, 92))[int(turn * 3) % 3])
        brush.canvas.drawOval(skia.Rect.MakeLTRB(-half, -0.45 * half, half, 0.45 * half),
                              flat(leaf))  # fmt: skip
        brush.canvas.restore()


def draw_fireworks(brush: Brush, strength: float) -> None:
    """Bursts of sparks in the sky, more and larger the louder they are."""
    rng, w, h = brush.rng(14), brush.width, brush.height
    tints = ((255, 112, 104), (255, 206, 96), (120, 214, 255), (214, 150, 255), (150, 255, 176))
    many = 2 + int(3 * strength)
    at = (np.arange(many) + rng.uniform(0.2, 0.8, many)) / many
    for burst, x_at in enumerate(at.tolist()):
        x, y = x_at * w, rng.uniform(0.13, 0.36) * h
        radius = (0.09 + 0.12 * strength) * h * rng.uniform(0.8, 1.25) * brush.scale**0.5
        tint = tints[(burst + int(rng.integers(5))) % 5]
        glow = [colour(tint, 100), colour(tint, 0)]
        brush.canvas.drawCircle(x, y, 1.5 * radius, radial(x, y, 1.5 * radius, glow))
        inner, outer, tips = skia.Path(), skia.Path(), skia.Path()
        for ring, path, count in ((1.0, outer, 18), (0.58, inner, 12)):
            for angle in np.linspace(0, 2 * np.pi, count + 1)[:-1] + rng.uniform(0, 1):
                dx, dy = float(np.cos(angle)) * ring, float(np.sin(angle)) * ring
                path.moveTo(x + 0.42 * radius * dx, y + 0.42 * radius * dy)
                path.quadTo(
                    x + 0.8 * radius * dx, y + 0.78 * radius * dy,
                    x + radius * dx, y + radius * dy + 0.07 * radius,
                )  # fmt: skip
                tips.addCircle(x + 1.06 * radius * dx, y + 1.06 * radius * dy + 0.09 * radius,
                               0.007 * h)  # fmt: skip
        brush.canvas.drawPath(outer, stroke(tint, 240, 0.0075 * h))
        brush.canvas.drawPath(inner, stroke(mix(tint, WHITE, 0.5), 240, 0.0065 * h))
        brush.canvas.drawPath(tips, flat((255, 250, 226)))
        trail = skia.Path()
        trail.moveTo(x, y + 1.05 * radius)
        trail.quadTo(x + 0.03 * h, 0.45 * h, x + 0.02 * h, brush.scene.horizon * h)
        brush.canvas.drawPath(trail, stroke(mix(tint, WHITE, 0.4), 70, 0.005 * h))


def draw_snowfall(brush: Brush) -> None:
    """Soft flakes of three sizes."""
    snow = brush.light.snow
    if snow < 0.05:
        return
    rng, w, h = brush.rng(15), brush.width, brush.height
    for radius, many, alpha in ((0.0035, 130, 210), (0.0062, 56, 225), (0.0105, 14, 165)):
        flakes = skia.Path()
        for x, y, size in rng.uniform(size=(int(many * w / h / 1.78), 3)):
            flakes.addCircle(x * w, y * h, radius * h * (0.7 + 0.6 * size))
        soft = 0.35 * radius * h if radius > 0.005 and not brush.paper else 0.0
        brush.canvas.drawPath(flakes, flat(WHITE, alpha * min(1.0, 1.2 * snow), soft))
