"""Trees of several kinds, in leaf, in blossom, turned or bare; they lean with the wind."""

from __future__ import annotations

from functools import cache

import numpy as np
import skia

from training.world.brush import WHITE, Brush, flat, mix, outline, stroke
from training.world.light import Rgb

VARIANTS = 5


@cache
def _fir(variant: int) -> skia.Path:
    """A fir of height 1 that stands on (0, 0): tiers with a slight droop."""
    rng = np.random.default_rng([variant, 1])
    tiers, half = int(rng.integers(3, 5)), rng.uniform(0.23, 0.32)
    path = skia.Path()
    for tier in range(tiers):
        top, low = 1 - 0.8 * tier / tiers, 0.80 - 0.72 * (tier + 1) / tiers
        reach = half * (0.45 + 0.55 * (tier + 1) / tiers)
        path.moveTo(0, -min(1.0, top))
        path.quadTo(-0.25 * reach, -(low + top) / 2, -reach, -low)
        path.quadTo(0, -low + 0.05, reach, -low)
        path.quadTo(0.25 * reach, -(low + top) / 2, 0, -min(1.0, top))
        path.close()
    return path


@cache
def _crown(variant: int, slim: bool) -> skia.Path:
    """The crown of a broad-leaved tree of height 1 that stands on (0, 0)."""
    rng = np.random.default_rng([variant, 2])
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    lobes = int(rng.integers(5, 8))
    bumps = 0.07 * np.abs(np.sin(angle * lobes / 2 + rng.uniform(0, 6)))
    bumps = bumps + 0.03 * np.sin(2 * angle + rng.uniform(0, 6))
    wide = rng.uniform(0.14, 0.18) if slim else rng.uniform(0.31, 0.38)
    tall = 0.40 if slim else 0.32
    x = wide * np.cos(angle) * (1 + bumps)
    return outline(x, -0.63 + tall * np.sin(angle) * (0.95 + bumps))


@cache
def _twigs(variant: int) -> skia.Path:
    """The lines of a bare tree of height 1 that stands on (0, 0)."""
    rng = np.random.default_rng([variant, 3])
    path = skia.Path()

    def grow(x: float, y: float, angle: float, long: float, left: int) -> None:
        tip_x, tip_y = x + long * np.sin(angle), y - long * np.cos(angle)
        path.moveTo(x, y)
        path.lineTo(float(tip_x), float(tip_y))
        if left:
            for side in (-1, 0.1, 1) if left > 1 else (-1, 1):
                turn = angle * 0.75 + side * rng.uniform(0.28, 0.55)
                part = 0.92 if abs(side) < 1 else rng.uniform(0.62, 0.85)
                grow(tip_x, tip_y, turn, long * part * rng.uniform(0.8, 1.0), left - 1)

    grow(0.0, 0.0, rng.uniform(-0.06, 0.06), 0.30, 3)
    return path


def _placed(x: float, foot: float, tall: float, lean: float) -> skia.Matrix:
    return skia.Matrix.MakeAll(tall, -lean * tall, x, 0, tall, foot, 0, 0, 1)


def kinds_for(brush: Brush, rng: np.random.Generator) -> tuple[str, str]:
    """The two kinds of tree of one picture, so that a wood is not a collection."""
    kinds = ("fir", "round", "slim", "birch")
    if brush.scene.place in ("mountains", "falls"):
        return "fir", str(rng.choice(("fir", "birch")))
    first, second = rng.choice(kinds, size=2, replace=False, p=(0.34, 0.34, 0.14, 0.18))
    return str(first), str(second)


def draw_tree(
    brush: Brush, kind: str, x: float, foot: float, tall: float, distance: float, chance: float,
    lean: float = 0.0,
) -> None:  # fmt: skip
    """One tree.

    Args:
        kind: "fir", "round", "slim" or "birch".
        x: of its foot, like `foot` and `tall` in pixels.
        distance: 0 near to 1 faded into the air.
        chance: in [0, 1), picks tint and form.
        lean: how far the wind bends its top, over its height.
    """
    light, canvas = brush.light, brush.canvas
    variant = int(chance * 997) % VARIANTS
    at = _placed(x, foot, tall, lean)
    if kind == "fir":
        path = skia.Path(_fir(variant))
        path.transform(at)
        tone = light.far(mix(light.tree, (20, 40, 60), 0.22 * chance), distance)
        trunk = skia.Rect.MakeLTRB(x - 0.03 * tall, foot - 0.2 * tall, x + 0.03 * tall, foot)
        canvas.drawRect(trunk, flat(light.far(mix(light.trunk, (20, 24, 40), 0.3), distance)))
        brush.shape(path, mix(tone, light.haze, 0.10), mix(tone, (16, 24, 44), 0.16), 0.5)
        _cap_of_snow(brush, path, tone, x, foot, tall)
        return
    winter = brush.scene.season == "winter"
    bark = mix(light.trunk, light.tint(WHITE), 0.72 if kind == "birch" else 0.0)
    bark = light.far(bark, distance)
    thick = (0.028 if kind == "birch" else 0.05) * tall
    stem = skia.Path()
    stem.moveTo(x - thick * 0.6, foot)
    stem.lineTo(x - thick * 0.3 + lean * 0.5 * tall, foot - 0.5 * tall)
    stem.lineTo(x + thick * 0.3 + lean * 0.5 * tall, foot - 0.5 * tall)
    stem.lineTo(x + thick * 0.6, foot)
    stem.close()
    if not winter:
        canvas.drawPath(stem, flat(bark))
    else:
        twigs = skia.Path(_twigs(variant))
        twigs.transform(at)
        canvas.drawPath(twigs, stroke(mix(bark, light.haze, 0.1), 255, max(0.8, 0.022 * tall)))
        if light.snow > 0.2:
            canvas.save()
            canvas.translate(0, -0.008 * tall)
            white = stroke(light.tint(WHITE), 200 * light.snow, max(0.6, 0.008 * tall))
            canvas.drawPath(twigs, white)
            canvas.restore()
        return
    tone = light.far(light.leaves[int(chance * 3) % 3], distance)
    _draw_crown(brush, kind, variant, at, tone, tall)


def _draw_crown(
    brush: Brush, kind: str, variant: int, at: skia.Matrix, tone: Rgb, tall: float
) -> None:
    light = brush.light
    crown = skia.Path(_crown(variant, kind in ("slim", "birch")))
    crown.transform(at)
    sunny = mix(tone, light.body, 0.20 * (1 - 0.5 * light.storm))
    brush.shape(crown, mix(tone, sunny, 0.6), mix(tone, (20, 24, 50), 0.20), 0.6)
    if tall > 0.05 * brush.height:  # the side that the sun or moon falls on
        side = 1 if brush.scene.body_x > 0.5 else -1
        lit = skia.Path(_crown((variant + 1) % VARIANTS, kind in ("slim", "birch")))
        shift = skia.Matrix.MakeAll(0.55, 0, 0.10 * side, 0, 0.5, -0.40, 0, 0, 1)
        lit.transform(shift)
        lit.transform(at)
        brush.canvas.drawPath(lit, flat(sunny, 150, 0 if brush.paper else 0.03 * tall))


def _cap_of_snow(
    brush: Brush, path: skia.Path, tone: Rgb, x: float, foot: float, tall: float
) -> None:
    light = brush.light
    cover = max(light.snow, 0.45 * (brush.scene.season == "winter"))
    if cover < 0.15:
        return
    canvas = brush.canvas
    canvas.save()
    canvas.clipPath(path, doAntiAlias=True)
    white = mix(tone, light.tint((250, 252, 255)), 0.35 + 0.55 * cover)
    for level in (0.98, 0.70, 0.44):
        half = 0.34 * (1.08 - level) * tall + 0.04 * tall
        top = foot - level * tall
        canvas.drawOval(
            skia.Rect.MakeLTRB(x - half, top, x + half, top + 0.17 * tall), flat(white, 235)
        )
    canvas.restore()
