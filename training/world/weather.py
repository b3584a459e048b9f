"""Weather and fireworks: what sounds in the air itself."""

from __future__ import annotations

import numpy as np
import skia

from training.world.land import colour
from training.world.scene import Scene


def _stroke(rgb: tuple[int, int, int], alpha: float, px: float) -> skia.Paint:
    return skia.Paint(
        Color=colour(rgb, int(alpha)),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeWidth=px,
    )


def draw_rain(canvas: skia.Canvas, scene: Scene, width: int, height: int, strength: float) -> None:
    """Slanting streaks, denser and longer the louder the rain, and splashes on the ground."""
    rng = np.random.default_rng([scene.seed, 5])
    paint = _stroke((214, 228, 240), 165, 0.0065 * height)
    streaks = skia.Path()
    for x, y, long in rng.uniform(size=(int(60 + 150 * strength), 3)):
        reach = (0.05 + 0.06 * strength * long) * height
        streaks.moveTo(x * 1.1 * width, (y * 1.1 - 0.1) * height)
        streaks.rLineTo(-0.22 * reach, reach)
    canvas.drawPath(streaks, paint)
    for x, y in rng.uniform(size=(int(24 * strength) + 6, 2)):
        foot = (scene.horizon + 0.15 + (0.85 - scene.horizon) * y) * height
        half = (0.006 + 0.012 * y) * width
        canvas.drawOval(
            skia.Rect.MakeLTRB(x * width - half, foot, x * width + half, foot + 0.5 * half),
            _stroke((220, 232, 240), 110, 0.005 * height),
        )


def draw_lightning(
    canvas: skia.Canvas, scene: Scene, width: int, height: int, strength: float
) -> None:
    """A forked bolt from the clouds to the hills, with its light in the air around it."""
    rng = np.random.default_rng([scene.seed, 6])
    x, y = float(rng.uniform(0.25, 0.75)) * width, 0.05 * height
    foot = (scene.horizon + 0.04) * height
    bolt, fork = skia.Path(), skia.Path()
    bolt.moveTo(x, y)
    bends = int(rng.integers(5, 8))
    for bend in range(bends):
        x += float(rng.uniform(0.02, 0.06)) * width * (1 if bend % 2 else -1)
        y += (foot - 0.05 * height) / bends
        bolt.lineTo(x, y)
        if bend == bends // 2:
            fork.moveTo(x, y)
            fork.rLineTo(0.07 * width, 0.10 * height)
            fork.rLineTo(-0.01 * width, 0.07 * height)
    glow = skia.GradientShader.MakeRadial(
        skia.Point(x, 0.25 * height),
        0.55 * height,
        [colour((220, 226, 255), int(70 + 110 * strength)), colour((200, 210, 255), 0)],
    )
    canvas.drawRect(skia.Rect.MakeWH(width, height), skia.Paint(Shader=glow))
    thick = (0.012 + 0.02 * strength) * height
    halo = _stroke((190, 200, 255), 140, 2.6 * thick)
    halo.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, thick))
    for path, share in ((bolt, 1.0), (fork, 0.6)):
        canvas.drawPath(path, halo)
        canvas.drawPath(path, _stroke((255, 252, 226), 255, share * thick))


def draw_wind(canvas: skia.Canvas, scene: Scene, width: int, height: int, strength: float) -> None:
    """Curling gusts across the sky and leaves that fly with them."""
    rng = np.random.default_rng([scene.seed, 7])
    for row in range(3 + int(3 * strength)):
        y = (0.12 + 0.11 * row + rng.uniform(-0.03, 0.03)) * height
        x = rng.uniform(0.02, 0.45) * width
        reach, curl = rng.uniform(0.25, 0.42) * width, (0.03 + 0.03 * strength) * height
        gust = skia.Path()
        gust.moveTo(x, y)
        gust.cubicTo(x + 0.4 * reach, y - 1.2 * curl, x + 0.6 * reach, y + curl, x + reach, y)
        gust.cubicTo(
            x + reach + 1.8 * curl,
            y - 0.6 * curl,
            x + reach + 1.2 * curl,
            y - 2.4 * curl,
            x + reach - 0.2 * curl,
            y - 1.5 * curl,
        )
        canvas.drawPath(
            gust,
            _stroke((255, 255, 255), 120 + 100 * strength, (0.010 + 0.008 * strength) * height),
        )
    for x, y, turn in rng.uniform(size=(int(6 + 16 * strength), 3)):
        canvas.save()
        canvas.translate(x * width, (0.2 + 0.7 * y) * height)
        canvas.rotate(360 * turn)
        tint = ((214, 136, 48), (190, 84, 44), (222, 178, 70))[int(turn * 3) % 3]
        half = 0.022 * height
        canvas.drawOval(
            skia.Rect.MakeLTRB(-half, -0.5 * half, half, 0.5 * half),
            skia.Paint(Color=colour(tint), AntiAlias=True),
        )
        canvas.restore()


def draw_fireworks(
    canvas: skia.Canvas, scene: Scene, width: int, height: int, strength: float
) -> None:
    """Bursts of sparks in the night sky, more and larger the louder they are."""
    rng = np.random.default_rng([scene.seed, 8])
    tints = ((255, 120, 110), (255, 214, 110), (130, 220, 255), (206, 150, 255), (150, 255, 170))
    for burst in range(2 + int(2.5 * strength)):
        x, y = rng.uniform(0.12, 0.88) * width, rng.uniform(0.12, 0.40) * height
        radius = (0.10 + 0.12 * strength) * height * rng.uniform(0.8, 1.2)
        tint = tints[(burst + int(rng.integers(5))) % 5]
        glow = skia.GradientShader.MakeRadial(
            skia.Point(x, y), 1.3 * radius, [colour(tint, 110), colour(tint, 0)]
        )
        canvas.drawCircle(x, y, 1.3 * radius, skia.Paint(Shader=glow))
        for angle in np.linspace(0, 2 * np.pi, 15)[:-1] + rng.uniform(0, 1):
            dx, dy = float(np.cos(angle)), float(np.sin(angle))
            canvas.drawLine(
                x + 0.25 * radius * dx,
                y + 0.25 * radius * dy,
                x + 0.9 * radius * dx,
                y + 0.9 * radius * dy,
                _stroke(tint, 235, 0.012 * height),
            )
            canvas.drawCircle(
                x + radius * dx,
                y + radius * dy,
                0.011 * height,
                skia.Paint(Color=colour((255, 250, 230)), AntiAlias=True),
            )
