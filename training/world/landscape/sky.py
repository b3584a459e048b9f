"""The sky: gradient, stars, sun or moon with its glow, clouds."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import WHITE, Brush, colour, flat, radial, upright
from training.world.light import mix


def body_at(brush: Brush) -> tuple[float, float]:
    """Sun or moon in pixels: low at dawn and dusk, high else."""
    scene, share = brush.scene, brush.scene.lights
    low = share[0] + share[2]
    high = 0.13 + 0.17 * scene.body_y
    near = scene.horizon - 0.10 - 0.13 * scene.body_y
    return scene.body_x * brush.width, (low * near + (1 - low) * high) * brush.height


def draw_sky(brush: Brush) -> None:
    """Paints everything above the horizon that is farther than the mountains."""
    light, h = brush.light, brush.height
    rng = brush.rng(1)
    x, y = body_at(brush)
    if brush.paper:
        _paper_sky(brush, x, y)
    else:
        horizon = brush.scene.horizon * h
        brush.canvas.drawPaint(upright(0, horizon, [colour(c) for c in light.sky]))
        warm = colour(mix(light.body, light.sky[2], 0.5), 120 * min(1.0, light.body_size / 0.06))
        reach = 0.75 * h
        brush.canvas.drawCircle(x, y, reach, radial(x, y, reach, [warm, colour(light.sky[2], 0)]))
    _stars(brush, rng)
    if light.body_size > 0.02:
        _body(brush, x, y)
    _clouds(brush, rng)


def _paper_sky(brush: Brush, x: float, y: float) -> None:
    """Rings of paper around the sun, from the zenith's tone to the horizon's."""
    light, h = brush.light, brush.height
    brush.canvas.drawColor(colour(light.sky[0]))
    for step, radius in enumerate((1.25, 0.95, 0.68, 0.44, 0.24)):
        share = (step + 1) / 5
        tone = (
            mix(light.sky[0], light.sky[1], 2 * share)
            if share < 0.5
            else mix(light.sky[1], light.sky[2], 2 * share - 1)
        )
        ring = skia.Path()
        ring.addOval(
            skia.Rect.MakeLTRB(
                x - 1.2 * radius * h, y - radius * h, x + 1.2 * radius * h, y + radius * h
            )
        )
        brush.canvas.drawPath(ring, flat((20, 20, 40), 60, 0.012 * h))
        brush.canvas.drawPath(ring, flat(tone))


def _stars(brush: Brush, rng: np.random.Generator) -> None:
    light, w = brush.light, brush.width
    reach = brush.scene.horizon * brush.height
    for x, y, bright in rng.uniform(size=(int(90 * light.stars), 3)):
        alpha = (60 + 190 * bright**2) * min(1.0, light.stars + 0.2) * (1 - 0.6 * y)
        radius = 0.0022 * brush.height * (0.8 + 1.3 * bright**3)
        brush.canvas.drawCircle(x * w, y * reach, radius, flat((255, 252, 236), alpha))


def _body(brush: Brush, x: float, y: float) -> None:
    light, canvas = brush.light, brush.canvas
    radius = light.body_size * brush.height * (1.1 if brush.scene.kind == "scene" else 1.3)
    seen = 255 * (1 - 0.45 * light.fog) * min(1.0, light.body_size / 0.045)
    if brush.paper:
        disc = skia.Path()
        disc.addCircle(x, y, radius)
        brush.shape(disc, light.body)
    else:
        glow = [colour(light.body, 0.62 * seen), colour(light.body, 0.16 * seen), 0x00FFFFFF]
        glow[2] = colour(light.body, 0)
        canvas.drawCircle(x, y, 3.2 * radius, radial(x, y, 3.2 * radius, glow))
        canvas.drawCircle(x, y, radius, flat(light.body, seen, 0.6 + 0.05 * radius * light.fog))
    if light.dark > 0.7:  # a moon, with its seas
        for dx, dy, size in ((-0.3, -0.2, 0.24), (0.22, 0.18, 0.3), (0.3, -0.36, 0.14)):
            sea = flat(mix(light.body, light.cloud, 0.5), 70)
            canvas.drawCircle(x + dx * radius, y + dy * radius, size * radius, sea)


def _clouds(brush: Brush, rng: np.random.Generator) -> None:
    light, w, h = brush.light, brush.width, brush.height
    many = int(rng.integers(2, 5)) if brush.scene.kind == "scene" else int(rng.integers(1, 4))
    if light.storm > 0.25:
        for row, y in enumerate((0.02, 0.10, 0.17)):
            tone = mix(light.cloud_shade, light.cloud, 0.25 + 0.3 * row)
            for x in np.arange(-0.05, 1.1, 0.21 if brush.scene.kind == "scene" else 0.35):
                half = rng.uniform(0.20, 0.32) * h * brush.scale
                at = (x + rng.uniform(-0.06, 0.06)) * w
                top = (y + rng.uniform(-0.03, 0.03)) * h
                draw_cloud(brush, rng, at, top, half, 235 * light.storm, tone, 0.5)
    for _ in range(many):
        x, y = rng.uniform(0, 1) * w, rng.uniform(0.05, 0.36) * h
        half = rng.uniform(0.11, 0.24) * h * brush.scale * (1.3 if brush.paper else 1.0)
        alpha = (255 if brush.paper else 205) * (1 - 0.5 * light.storm) * (1 - 0.35 * light.dark)
        draw_cloud(brush, rng, x, y, half, alpha, light.cloud, 0.34)


def draw_cloud(
    brush: Brush,
    rng: np.random.Generator,
    x: float,
    y: float,
    half: float,
    alpha: float,
    tone: tuple[int, int, int],
    tall: float,
) -> None:
    """A cloud of lobes on a flat base, `half` as wide to each side and `tall` times that high."""
    path = skia.Path()
    lobes = np.linspace(-0.75, 0.75, 5) + rng.uniform(-0.08, 0.08, 5)
    rise = tall * half * (1 - 0.75 * lobes**2) * rng.uniform(0.75, 1.25, 5)
    for lobe, up in zip(lobes.tolist(), rise.tolist(), strict=True):
        reach = half * 0.36 + 0.3 * up
        path.addOval(
            skia.Rect.MakeLTRB(x + lobe * half - reach, y - up, x + lobe * half + reach, y + up)
        )
    base = skia.RRect.MakeRectXY(
        skia.Rect.MakeLTRB(x - 1.15 * half, y, x + 1.15 * half, y + 0.55 * tall * half),
        0.3 * tall * half, 0.3 * tall * half,
    )  # fmt: skip
    path.addRRect(base)
    canvas, light = brush.canvas, brush.light
    canvas.save()
    below = y + 0.5 * tall * half
    if brush.paper:
        if tall < 0.45:
            canvas.clipRect(skia.Rect.MakeLTRB(0, 0, brush.width, below + 0.05 * half))
        brush.shadow(path, 0.8)
        canvas.drawPath(path, flat(tone, alpha))
    else:
        paint = upright(
            y - tall * half, below, [colour(mix(tone, light.tint(WHITE), 0.1), alpha),
            colour(mix(tone, light.cloud_shade, 0.6), 0.62 * alpha)],
        )  # fmt: skip
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.035 * half + 1))
        canvas.drawPath(path, paint)
    canvas.restore()
