"""Weather in the air: rain, lightning and falling snow."""

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


def draw_rain_clouds(brush: Brush, strength: float) -> None:
    """The dark clouds that the rain falls from, along the upper edge."""
    rng, w, h = brush.rng(21), brush.width, brush.height
    tone = mix(brush.light.cloud, brush.lit((84, 98, 128)), 0.60 + 0.35 * strength)
    half = 0.13 * h * brush.scale
    for low, shade in ((0.16, 0.0), (0.09, 0.14)):
        clouds = skia.Path()
        clouds.addRect(skia.Rect.MakeLTRB(0, -9, w, 0.4 * low * h * brush.scale))
        for x in np.arange(-half * rng.random(), w + half, 1.15 * half):
            wide, foot = half * rng.uniform(0.75, 1.1), low * h * rng.uniform(0.75, 1.1)
            oval = skia.Path()
            oval.addOval(skia.Rect.MakeLTRB(x - wide, -0.5 * foot, x + wide, foot * brush.scale))
            clouds.addPath(oval)
        top = mix(tone, brush.light.cloud, 0.35 + shade)
        clouds = skia.Simplify(clouds)  # no edges of paper within them
        brush.shape(clouds, mix(top, brush.light.cloud, 0.2), mix(tone, brush.light.cloud, shade))


def draw_rain(brush: Brush, strength: float) -> None:
    """Slanting streaks, denser and longer the louder the rain, and rings where they fall."""
    rng, w, h = brush.rng(11), brush.width, brush.height
    tone = against(brush, (206, 228, 252), (62, 122, 196))
    slant = float(rng.uniform(-0.25, 0.25))
    for layer, alpha in ((0.7, 150), (1.0, 225)):
        streaks = skia.Path()
        many = int((18 + 80 * strength) * w / h / 1.78 / brush.scale)
        for x, y, long in rng.uniform(size=(many, 3)):
            reach = (0.045 + 0.03 * long + 0.04 * strength) * h * layer * brush.scale
            streaks.moveTo(x * 1.2 * w - 0.1 * w, (y * 1.1 - 0.1) * h)
            streaks.rLineTo(slant * reach, reach)
        px = (0.0080 + 0.0030 * strength) * h * layer * brush.scale**0.5
        brush.canvas.drawPath(streaks, stroke(tone, alpha, px))
    for x, y in rng.uniform(size=(int(6 + 16 * strength), 2)):
        foot = (brush.scene.horizon + 0.14 + (0.84 - brush.scene.horizon) * y) * h
        half = (0.020 + 0.030 * y) * h * brush.scale
        ring = skia.Rect.MakeLTRB(x * w - half, foot, x * w + half, foot + 0.55 * half)
        brush.canvas.drawOval(ring, stroke(tone, 150, 0.007 * h))


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
