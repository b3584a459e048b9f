"""Wind: a tree that it bends, gusts that curl, leaves and grass that go with them."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import WHITE, Brush, flat, mix, outline, spot_x, stroke
from training.world.landscape.leaves import TURNED, draw_leaf

_PUFFS = (
    (0.10, -0.68, 0.15), (0.24, -0.84, 0.18), (0.28, -0.60, 0.15), (0.46, -0.76, 0.20),
    (0.50, -0.92, 0.12), (0.66, -0.70, 0.15), (0.70, -0.86, 0.11), (0.86, -0.76, 0.10),
    (1.00, -0.72, 0.06),
)  # fmt: skip
"""Middle and radius of the parts of a crown in a wind that blows to the right, over the height of
its tree, which stands at (0, 0)."""

_TRUNK = (
    (-0.10, 0.03), (-0.035, -0.08), (-0.02, -0.28), (0.06, -0.48), (0.20, -0.66), (0.27, -0.60),
    (0.13, -0.44), (0.065, -0.26), (0.055, -0.08), (0.12, 0.03),
)  # fmt: skip


def _smooth(points: np.ndarray) -> skia.Path:
    """A closed curve through the middles of a polygon's sides, drawn by its corners."""
    ends = (points + np.roll(points, -1, axis=0)) / 2
    path = skia.Path()
    path.moveTo(*ends[-1].tolist())
    for corner, end in zip(points.tolist(), ends.tolist(), strict=True):
        path.quadTo(*corner, *end)
    path.close()
    return path


def draw_bent_tree(brush: Brush) -> None:
    """A tree on a knoll, bent over by the wind; everything that stands comes before it."""
    rng, light, w, h = brush.rng(18), brush.light, brush.width, brush.height
    panel = brush.scene.kind == "panel"
    way = 1.0 if brush.wind > 0 else -1.0
    tall = (0.60 if panel else 0.48) * h * (0.82 + 0.18 * abs(brush.wind))
    x = spot_x(brush.scene, rng, 0.16, 0.84) * w - 0.45 * way * tall  # its crown stands there
    foot = 0.90 * h

    def placed(points: tuple[tuple[float, float], ...]) -> np.ndarray:
        return np.array([x, foot]) + tall * np.array(points) * (way, 1.0)

    half = 0.62 * tall
    arch = np.linspace(0, np.pi, 20)
    knoll = outline(x - half * np.cos(arch), h + 2 - (h + 2 - foot + 0.02 * h) * np.sin(arch))
    grass = mix(light.ground[1], light.field, 0.15)
    brush.shape(knoll, mix(grass, light.body, 0.12), mix(grass, (20, 36, 44), 0.25), 0.8)
    bark = mix(light.trunk, (36, 24, 28), 0.25)
    brush.shape(_smooth(placed(_TRUNK)), mix(bark, light.body, 0.1), bark, 0.6)
    green = light.tree if brush.scene.season == "winter" else light.leaves[int(rng.integers(2))]
    crown, lit = skia.Path(), skia.Path()
    for across, up, radius in _PUFFS:
        (px, py), r = placed(((across, up),))[0].tolist(), radius * tall
        puff = skia.Path()
        puff.addOval(skia.Rect.MakeLTRB(px - 1.25 * r, py - r, px + 1.25 * r, py + r))
        crown.addPath(puff)
        lit.addOval(skia.Rect.MakeLTRB(px - 0.8 * r, py - 0.85 * r, px + 0.8 * r, py + 0.05 * r))
    crown = skia.Simplify(crown)  # no edges of paper within it
    brush.shape(crown, mix(green, light.body, 0.12), mix(green, (16, 28, 50), 0.25), 0.9)
    brush.canvas.drawPath(lit, flat(mix(green, light.body, 0.3), 170))
    for index in range(5):  # torn off by the wind
        (px, py) = placed(((0.98 + 0.11 * index, -0.80 + 0.13 * (index % 3)),))[0].tolist()
        draw_leaf(brush, px, py, 0.06 * tall, green, way * (15 - 25 * (index % 2)), 0.8, False)
    blades = skia.Path()
    for place in np.linspace(-0.85, 0.85, 15) + rng.normal(0, 0.03, 15):
        at, up = x + float(place) * half, (h + 2 - foot) * float(np.sqrt(1 - place**2))
        long = tall * rng.uniform(0.10, 0.16)
        blades.moveTo(at, h + 2 - up)
        blades.quadTo(at + 0.1 * way * long, h + 2 - up - 0.7 * long, at + way * long,
                      h + 2 - up - 0.75 * long)  # fmt: skip
    dark = mix(light.ground[1], light.tree, 0.7)
    brush.canvas.drawPath(blades, stroke(dark, 255, 0.020 * tall))


def _gust(x: float, y: float, reach: float, curl: float, up: float) -> skia.Path:
    """A line from (x, y) to the right that rolls up at its end; `up` is -1 where it rolls down."""
    path = skia.Path()
    path.moveTo(x, y)
    path.cubicTo(x + 0.35 * reach, y + 0.9 * up * curl, x + 0.65 * reach, y + 0.5 * up * curl,
                 x + reach, y)  # fmt: skip
    angle = np.linspace(0.5 * np.pi, -1.25 * np.pi, 22)
    radius = curl * np.linspace(1.0, 0.45, 22)
    middle = y - up * curl
    for a, r in zip(angle.tolist(), radius.tolist(), strict=True):
        path.lineTo(x + reach + r * float(np.cos(a)), middle + up * r * float(np.sin(a)))
    return path


def draw_gusts(brush: Brush, strength: float) -> None:
    """Broad lines of air with a curl at their end."""
    rng, w, h = brush.rng(13), brush.width, brush.height
    panel = brush.scene.kind == "panel"
    many = 3 + (strength > 0.6) + (0 if panel else int(2 * strength))
    curl = (0.062 if panel else 0.05) * h * (0.7 + 0.4 * strength)
    px = (0.017 if panel else 0.013) * h * (0.75 + 0.35 * strength)
    gusts = skia.Path()
    for row in range(many):
        y = (0.14, 0.30, 0.70, 0.50)[row] if panel else 0.15 + 0.46 * row / many
        y = (y + rng.uniform(-0.015, 0.015)) * h
        reach = rng.uniform(0.42, 0.60) * h * (0.75 + 0.25 * strength)
        room = max(0.0, w - reach - 3.5 * curl)
        x = (0.04, 0.32, 0.40, 0.06)[row] * w if panel else rng.uniform(0, 1) * room + curl
        gusts.addPath(_gust(min(x, room + curl), y, reach, curl, 1.0 if row % 2 == 0 else -1.0))
    if brush.wind < 0:
        gusts.transform(skia.Matrix.MakeAll(-1, 0, w, 0, 1, 0, 0, 0, 1))
    edge = mix(brush.light.cloud_shade, (40, 84, 150), 0.75)  # white shows on white clouds, too
    brush.canvas.drawPath(gusts, stroke(edge, 225, 2.1 * px))
    brush.canvas.drawPath(gusts, stroke(WHITE, 255, px))


def draw_flying_leaves(brush: Brush, strength: float) -> None:
    """Leaves that the wind carries past the viewer."""
    rng, w, h = brush.rng(19), brush.width, brush.height
    size = (0.034 if brush.scene.kind == "panel" else 0.022) * h
    many = 4 + int(6 * strength)
    for index in range(many):
        x, y = (index + rng.uniform(0.1, 0.9)) / many * w, rng.uniform(0.15, 0.8) * h
        tone = brush.lit((*TURNED, (120, 170, 60))[index % 5])
        draw_leaf(brush, x, y, size * rng.uniform(0.8, 1.2), tone, rng.uniform(-40, 40), 0.7,
                  maple=False)  # fmt: skip
