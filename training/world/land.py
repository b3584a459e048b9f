"""Sky, hills and water: the place that a scene's subjects stand in."""

from __future__ import annotations

import numpy as np
import skia

from training.world.light import Light, Rgb
from training.world.scene import Scene


def colour(rgb: Rgb, alpha: int = 255) -> int:
    """An sRGB triple as the painter's colour."""
    return skia.ColorSetARGB(alpha, *rgb)


def blend(a: Rgb, b: Rgb, share: float) -> Rgb:
    """Walks from colour a to colour b."""
    return tuple(round(p + (q - p) * share) for p, q in zip(a, b, strict=True))  # type: ignore[return-value]


def _vertical(top: float, bottom: float, *colours: int) -> skia.Paint:
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(0, top), skia.Point(0, bottom)], list(colours)
    )
    return skia.Paint(Shader=shader, AntiAlias=True, Dither=True)


def draw_sky(canvas: skia.Canvas, scene: Scene, light: Light, width: int, height: int) -> None:
    """Gradient, stars, sun or moon with its glow, clouds."""
    rng = np.random.default_rng([scene.seed, 1])
    horizon = scene.horizon * height
    canvas.drawRect(
        skia.Rect.MakeWH(width, height),
        _vertical(0, horizon, *(colour(c) for c in light.sky)),
    )
    if light.stars:
        for x, y, bright in rng.uniform(size=(70, 3)):
            canvas.drawCircle(
                x * width,
                y * horizon * 0.9,
                0.0026 * height * (1 + bright),
                skia.Paint(Color=colour((255, 255, 240), int(70 + 180 * bright)), AntiAlias=True),
            )
    if light.body_size:
        x, y, radius = scene.body_x * width, scene.body_y * height, light.body_size * height
        glow = skia.GradientShader.MakeRadial(
            skia.Point(x, y), 4 * radius, [colour(light.body, 150), colour(light.body, 0)]
        )
        canvas.drawCircle(x, y, 4 * radius, skia.Paint(Shader=glow))
        canvas.drawCircle(x, y, radius, skia.Paint(Color=colour(light.body), AntiAlias=True))
    storm = light.name == "storm"
    for _ in range(7 if storm else 4):
        x, y = rng.uniform(0, width), rng.uniform(0.04, 0.20 if storm else 0.32) * height
        _cloud(canvas, light, x, y, rng.uniform(0.10, 0.22) * width, height, rng, storm)


def _cloud(
    canvas: skia.Canvas,
    light: Light,
    x: float,
    y: float,
    half: float,
    height: int,
    rng: np.random.Generator,
    heavy: bool,
) -> None:
    paint = skia.Paint(
        Color=colour(light.cloud, 215 if heavy else 130),
        AntiAlias=True,
        MaskFilter=skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.012 * height),
    )
    path = skia.Path()
    for offset in np.linspace(-0.7, 0.7, 5):
        tall = (0.42 if heavy else 0.2) * half * (1 - 0.6 * offset**2) * rng.uniform(0.8, 1.2)
        path.addOval(
            skia.Rect.MakeLTRB(
                x + (offset - 0.38) * half, y - tall, x + (offset + 0.38) * half, y + 0.4 * tall
            )
        )
    canvas.drawPath(path, paint)


def _ridge(rng: np.random.Generator, width: int, rough: float) -> np.ndarray:
    """(33,) heights of a hill line in [-1, 1]: a few sines of falling strength."""
    x = np.linspace(0, 2 * np.pi, 33)
    waves = [
        np.sin(x * k * rng.uniform(0.7, 1.3) + rng.uniform(0, 2 * np.pi)) / k**rough
        for k in (1, 2, 4, 7)
    ]
    line = np.sum(waves, axis=0)
    return line / np.abs(line).max()


def _hill(
    canvas: skia.Canvas,
    line: np.ndarray,
    base: float,
    swing: float,
    paint: skia.Paint,
    width: int,
    height: int,
) -> np.ndarray:
    """Fills below a ridge line; returns its height in pixels at 33 places."""
    y = base - swing * line
    path = skia.Path()
    path.moveTo(0, height)
    for x, top in zip(np.linspace(0, width, 33), y, strict=True):
        path.lineTo(float(x), float(top))
    path.lineTo(width, height)
    path.close()
    canvas.drawPath(path, paint)
    return y


def draw_hills(
    canvas: skia.Canvas, scene: Scene, light: Light, width: int, height: int, bend: float
) -> None:
    """Two far ridges, and in front of them meadows with firs that lean by `bend` (the wind)."""
    rng = np.random.default_rng([scene.seed, 2])
    horizon = scene.horizon * height
    layers = (
        ((0.00, 0.11, 0.0), (0.03, 0.06, 0.3))
        if scene.water
        else ((-0.02, 0.10, 0.0), (0.06, 0.05, 0.35), (0.16, 0.035, 0.7), (0.30, 0.03, 1.0))
    )
    for index, (drop, swing, near) in enumerate(layers):
        tint = blend(light.ground[0], light.ground[1], near)
        base = horizon + drop * height
        below = base + 0.25 * height
        paint = _vertical(base, below, colour(tint), colour(blend(tint, light.ground[1], 0.45)))
        y = _hill(canvas, _ridge(rng, width, 1.1), base, swing * height, paint, width, height)
        if index in (1, 2):
            _firs(canvas, light, y, near, rng, width, height, bend)


def _firs(
    canvas: skia.Canvas,
    light: Light,
    ridge: np.ndarray,
    near: float,
    rng: np.random.Generator,
    width: int,
    height: int,
    bend: float,
) -> None:
    tint = blend(light.ground[0], light.tree, 0.35 + 0.65 * near)
    paint = skia.Paint(Color=colour(tint), AntiAlias=True)
    for x in np.sort(rng.uniform(0, 1, size=int(rng.integers(8, 18)))):
        tall = (0.05 + 0.07 * near) * height * rng.uniform(0.7, 1.3)
        foot = float(np.interp(x, np.linspace(0, 1, 33), ridge)) + 0.012 * height
        left, tip = x * width, x * width + bend * tall
        path = skia.Path()
        for top, bottom, half in ((1.0, 0.45, 0.24), (0.72, 0.0, 0.34)):
            path.moveTo(
                left + bend * tall * top * 0.5 + (tip - left) * 0.5 * top, foot - top * tall
            )
            path.lineTo(left - half * tall, foot - bottom * tall)
            path.lineTo(left + half * tall, foot - bottom * tall)
            path.close()
        canvas.drawPath(path, paint)


def draw_sea(
    canvas: skia.Canvas, scene: Scene, light: Light, width: int, height: int, strength: float
) -> None:
    """Open water that mirrors the sky, with breaking crests as high as the waves are loud."""
    rng = np.random.default_rng([scene.seed, 3])
    top = (scene.horizon + 0.05) * height
    canvas.drawRect(
        skia.Rect.MakeLTRB(0, top, width, height),
        _vertical(top, height, colour(light.sea[0]), colour(light.sea[1])),
    )
    if light.body_size:
        for _ in range(26):
            depth = rng.uniform() ** 1.5
            y = top + depth * (height - top)
            half = rng.uniform(0.01, 0.05) * width * (0.4 + depth)
            x = scene.body_x * width + rng.normal() * 0.05 * width * (0.4 + depth)
            glint = skia.Paint(Color=colour(light.body, 130), AntiAlias=True)
            canvas.drawRect(skia.Rect.MakeLTRB(x - half, y, x + half, y + 0.008 * height), glint)
    for depth in (0.08, 0.22, 0.42, 0.68):
        _crest(canvas, light, rng, top + depth * (height - top), depth, strength, width, height)


def _crest(
    canvas: skia.Canvas,
    light: Light,
    rng: np.random.Generator,
    base: float,
    depth: float,
    strength: float,
    width: int,
    height: int,
) -> None:
    length = (0.13 + 0.33 * depth) * width
    swing = (0.03 + 0.24 * depth) * height * (0.25 + 0.75 * strength)
    tint = blend(light.sea[0], light.sea[1], 0.15 + 0.75 * depth)
    body, foam = skia.Path(), skia.Path()
    x = -rng.uniform(0, length) - length
    body.moveTo(x, height)
    body.lineTo(x, base)
    while x < width + length:
        # rises slowly and curls over forward: the look of a picture-book wave
        body.cubicTo(
            x + 0.40 * length,
            base,
            x + 0.50 * length,
            base - swing,
            x + 0.74 * length,
            base - swing,
        )
        body.cubicTo(
            x + 0.88 * length,
            base - 0.95 * swing,
            x + 0.90 * length,
            base - 0.45 * swing,
            x + 0.82 * length,
            base - 0.42 * swing,
        )
        body.cubicTo(
            x + 0.76 * length, base - 0.1 * swing, x + 0.86 * length, base, x + length, base
        )
        foam.moveTo(x + 0.42 * length, base - 0.50 * swing)
        foam.cubicTo(
            x + 0.52 * length,
            base - 0.92 * swing,
            x + 0.62 * length,
            base - swing,
            x + 0.74 * length,
            base - swing,
        )
        foam.cubicTo(
            x + 0.88 * length,
            base - 0.95 * swing,
            x + 0.90 * length,
            base - 0.45 * swing,
            x + 0.82 * length,
            base - 0.42 * swing,
        )
        x += length
    body.lineTo(x, height)
    body.close()
    shade = _vertical(base - swing, base + 0.3 * height, colour(tint), colour(light.sea[1]))
    canvas.drawPath(body, shade)
    white = blend((255, 255, 255), light.sea[0], 0.2)
    canvas.drawPath(
        foam,
        skia.Paint(
            Color=colour(white, int(150 + 100 * strength)),
            AntiAlias=True,
            Style=skia.Paint.kStroke_Style,
            StrokeCap=skia.Paint.kRound_Cap,
            StrokeWidth=(0.008 + 0.030 * depth * (0.3 + 0.7 * strength)) * height,
        ),
    )


def draw_stream(
    canvas: skia.Canvas, scene: Scene, light: Light, width: int, height: int, strength: float
) -> None:
    """A brook that winds from the hills to the viewer's feet, broader the louder it is."""
    rng = np.random.default_rng([scene.seed, 4])
    top, bottom = (scene.horizon + 0.13) * height, float(height)
    start, end = rng.uniform(0.35, 0.65) * width, rng.uniform(0.2, 0.8) * width
    sway, half = rng.choice([-1, 1]) * 0.16 * width, (0.07 + 0.13 * strength) * width
    path, steps = skia.Path(), np.linspace(0, 1, 24)
    centre = start + (end - start) * steps + sway * np.sin(2 * np.pi * steps) * steps
    reach = 0.006 * width + half * steps**1.6
    y = top + (bottom - top) * steps**1.25
    path.moveTo(float(centre[0] - reach[0]), float(y[0]))
    for cx, r, cy in zip(centre, reach, y, strict=True):
        path.lineTo(float(cx + r), float(cy))
    for cx, r, cy in zip(centre[::-1], reach[::-1], y[::-1], strict=True):
        path.lineTo(float(cx - r), float(cy))
    path.close()
    water = blend(light.sea[0], (120, 190, 230), 0.35)
    canvas.drawPath(path, _vertical(top, bottom, colour(water), colour(light.sea[1])))
    shine = skia.Paint(
        Color=colour(blend((255, 255, 255), light.sea[0], 0.3), 170),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeWidth=0.008 * height,
    )
    for share in (-0.45, 0.1, 0.5):
        line = skia.Path()
        line.moveTo(float(centre[4] + share * reach[4]), float(y[4]))
        for k in range(5, 24):
            line.lineTo(float(centre[k] + share * reach[k]), float(y[k]))
        canvas.drawPath(line, shine)
