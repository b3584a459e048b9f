"""Branches, trunks, posts and wires: what perching things hold on to, down to the ground."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import skia

from training.world.light import Light, Rgb
from training.world.scene import Scene
from training.world.subjects.ground import Box, fill, line, shade_colour

BARKS: tuple[tuple[Rgb, Rgb], ...] = (
    ((122, 88, 62), (88, 62, 44)),
    ((226, 222, 212), (170, 164, 156)),
    ((138, 116, 98), (100, 82, 70)),
    ((104, 78, 66), (76, 56, 48)),
)
"""Lit and shaded side: oak, birch, ash, old pine."""
BIRCH = 1


def _foot_of_tree(scene: Scene, box: Box, height: int) -> float:
    """Where the trunk meets the ground, px: in the picture if the land lies that low."""
    tall = box[3] - box[1]
    ground = max(box[3] + 0.45 * tall, (scene.horizon + 0.14) * height)
    return ground if ground < 0.96 * height else 1.04 * height


def _limb(points: tuple[tuple[float, float, float], ...]) -> skia.Path:
    """A limb along points of (x, y, half its width)."""
    path = skia.Path()
    there = [(x, y - half) for x, y, half in points]
    back = [(x, y + half) for x, y, half in reversed(points)]
    path.moveTo(*there[0])
    for side in (there, back):
        if side is back:
            path.lineTo(*side[0])
        for (x0, y0), (x1, y1) in pairwise(side):
            path.quadTo((x0 + x1) / 2, y0 if side is there else y1, x1, y1)
    path.close()
    return path


def _trunk(
    canvas: skia.Canvas,
    x: float,
    top: float,
    foot: float,
    half: float,
    bark: int,
    light: Light,
    veil: float,
    rng: np.random.Generator,
) -> None:
    """A trunk that stands around `x` and widens towards its foot."""
    lit, dark = (shade_colour(rgb, light, veil) for rgb in BARKS[bark])
    path = skia.Path()
    path.moveTo(x - 0.72 * half, top)
    path.quadTo(x - 0.95 * half, foot - 1.2 * half, x - 1.9 * half, foot)
    path.quadTo(x, foot + 0.35 * half, x + 1.9 * half, foot)
    path.quadTo(x + 0.95 * half, foot - 1.2 * half, x + 0.72 * half, top)
    path.close()
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(x - half, 0), skia.Point(x + half, 0)],
        [skia.ColorSetRGB(*lit), skia.ColorSetRGB(*lit), skia.ColorSetRGB(*dark)],
        [0.0, 0.45, 1.0],
    )
    canvas.drawPath(path, skia.Paint(AntiAlias=True, Shader=shader))
    canvas.save()
    canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    mark = shade_colour((58, 54, 54), light, veil) if bark == BIRCH else dark
    for _ in range(int(5 + (foot - top) / max(6.0, 0.8 * half))):
        y, across = rng.uniform(top, foot), rng.uniform(-0.9, 0.6) * half
        if bark == BIRCH:
            oval = skia.Rect.MakeXYWH(x + across, y, rng.uniform(0.3, 0.9) * half, 0.13 * half)
            canvas.drawOval(oval, fill(mark, 210))
        else:
            long = rng.uniform(0.6, 1.8) * half
            canvas.drawLine(x + across, y, x + across, y + long, line(mark, 0.09 * half + 0.4, 190))
    canvas.restore()


def _leaves(
    canvas: skia.Canvas,
    at: list[tuple[float, float]],
    size: float,
    scene: Scene,
    light: Light,
    rng: np.random.Generator,
) -> None:
    """A few leaves around each point; in winter there are none."""
    if scene.season == "winter":
        return
    for x, y in at:
        for _ in range(5):
            tone = light.leaves[int(rng.integers(3))]
            canvas.save()
            canvas.translate(x + rng.normal(0, 0.7) * size, y + rng.normal(0, 0.5) * size)
            canvas.rotate(rng.uniform(-70, 70))
            canvas.drawOval(
                skia.Rect.MakeXYWH(-size, -0.42 * size, 2 * size, 0.84 * size), fill(tone)
            )
            canvas.restore()


def draw_branch(
    canvas: skia.Canvas, scene: Scene, box: Box, back: int, height: int, light: Light, veil: float
) -> None:
    """A branch under the feet, grown from a tree behind the subject's back."""
    left, top, right, foot = box
    tall, middle = foot - top, (left + right) / 2
    rng = np.random.default_rng([scene.seed, int(middle)])
    bark = int(rng.integers(len(BARKS)))
    half = 0.10 * tall
    stem = middle + back * (0.5 * (right - left) + 0.26 * tall)
    end = middle - back * (0.5 * (right - left) + 0.36 * tall)
    ground = _foot_of_tree(scene, box, height)
    crown = top - 0.50 * tall
    _trunk(canvas, stem, crown, ground, half, bark, light, veil, rng)
    lit, dark = (shade_colour(rgb, light, veil) for rgb in BARKS[bark])
    limb = _limb(
        (
            (stem, foot + 0.16 * tall, 0.075 * tall),
            (middle, foot + 0.045 * tall, 0.048 * tall),
            (end, foot - 0.02 * tall, 0.012 * tall),
        )
    )
    canvas.drawPath(limb, fill(dark))
    canvas.save()
    canvas.translate(0, -0.014 * tall)
    canvas.drawPath(limb, fill(lit, 235))
    canvas.restore()
    twigs = [(end, foot - 0.03 * tall), (end + back * 0.16 * tall, foot - 0.10 * tall)]
    canvas.drawLine(
        end + back * 0.30 * tall, foot + 0.01 * tall, *twigs[1], line(dark, 0.022 * tall)
    )
    high = [(stem - back * 0.34 * tall, crown + 0.10 * tall), (stem + back * 0.30 * tall, crown)]
    for x, y in high:
        canvas.drawLine(stem, crown + 0.42 * tall, x, y, line(lit, 0.05 * tall))
    canvas.drawLine(stem, crown + 0.1 * tall, stem, crown - 0.06 * tall, line(lit, 1.3 * half))
    more = [(x + rng.normal(0, 0.14) * tall, y + rng.normal(0, 0.06) * tall) for x, y in high * 2]
    more += [(stem, crown - 0.05 * tall)]
    _leaves(canvas, [*twigs, *high, *more], 0.060 * tall, scene, light, rng)


def draw_trunk(
    canvas: skia.Canvas, scene: Scene, box: Box, front: int, height: int, light: Light, veil: float
) -> None:
    """A trunk before the subject's breast, for what clings to it."""
    left, top, right, foot = box
    tall = foot - top
    rng = np.random.default_rng([scene.seed, int(left)])
    bark = int(rng.integers(len(BARKS)))
    half = 0.20 * tall
    edge = left if front < 0 else right
    stem = edge + front * (0.62 * half - 0.20 * (right - left))
    ground = _foot_of_tree(scene, box, height)
    crown = top - 0.55 * tall
    lit = shade_colour(BARKS[bark][0], light, veil)
    high = [(stem + side * 0.55 * tall, crown + 0.06 * tall * (2 + side)) for side in (-1, 1)]
    for x, y in high:
        canvas.drawLine(stem, crown + 0.45 * tall, x, y, line(lit, 0.085 * tall))
    _trunk(canvas, stem, crown, ground, half, bark, light, veil, rng)
    hole = skia.Rect.MakeXYWH(stem - 0.42 * half, top + 0.02 * tall, 0.7 * half, 0.9 * half)
    canvas.drawOval(hole, fill(shade_colour((44, 32, 28), light, veil)))
    tips = [(x + rng.normal(0, 0.12) * tall, y + rng.normal(0, 0.07) * tall) for x, y in high * 3]
    tips += [(stem + rng.normal(0, 0.2) * tall, crown) for _ in range(3)]
    _leaves(canvas, tips, 0.065 * tall, scene, light, rng)


def draw_post(
    canvas: skia.Canvas, scene: Scene, box: Box, height: int, light: Light, veil: float
) -> None:
    """A weathered post with what is left of its fence."""
    left, top, right, foot = box
    tall, middle = foot - top, (left + right) / 2
    half = 0.115 * tall
    ground = max(_foot_of_tree(scene, box, height), foot + 0.75 * tall)
    lit, dark = shade_colour((168, 142, 116), light, veil), shade_colour((108, 88, 72), light, veil)
    for drop, long in ((0.30, 0.42), (0.52, 0.36)):
        plank = skia.Rect.MakeXYWH(
            middle - long * tall, foot + drop * tall, 2 * long * tall, 0.075 * tall
        )
        canvas.drawRoundRect(plank, 2, 2, fill(dark))
    post = skia.Rect.MakeLTRB(middle - half, foot - 0.015 * tall, middle + half, ground)
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(middle - half, 0), skia.Point(middle + half, 0)],
        [skia.ColorSetRGB(*lit), skia.ColorSetRGB(*dark)],
    )
    canvas.drawRoundRect(post, 0.3 * half, 0.3 * half, skia.Paint(AntiAlias=True, Shader=shader))
    cap = skia.Rect.MakeLTRB(
        middle - 1.15 * half, foot - 0.02 * tall, middle + 1.15 * half, foot + 0.05 * tall
    )
    canvas.drawRoundRect(cap, 0.3 * half, 0.3 * half, fill(lit))
