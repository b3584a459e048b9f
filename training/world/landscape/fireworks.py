"""Fireworks: round bursts of sparks in a dark sky."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import WHITE, Brush, colour, flat, mix, outline, radial, stroke
from training.world.light import Rgb

_TINTS: tuple[Rgb, ...] = (
    (255, 84, 84), (255, 200, 64), (92, 206, 255), (214, 120, 255), (110, 244, 140),
)  # fmt: skip


def draw_fireworks(brush: Brush, strength: float) -> None:
    """Two to four bursts with the trails of their rockets, larger the louder they are."""
    rng, w, h = brush.rng(14), brush.width, brush.height
    panel = brush.scene.kind == "panel"
    size = (0.29 if panel else 0.21) * h * (0.66 + 0.34 * strength)
    many = (2 if panel else 3) + (strength > 0.6)
    order = rng.permutation(len(_TINTS))
    first = int(rng.integers(2))
    for burst in range(many):
        large = (burst + first) % 2 == 0
        x = (burst + 0.5 + rng.uniform(-0.12, 0.12)) / many * w
        y = (0.32 if large else 0.18) * h + rng.uniform(-0.03, 0.03) * h
        tints = _TINTS[order[burst]], mix(_TINTS[order[burst - 1]], WHITE, 0.35)
        _burst(brush, x, y, size * (1.0 if large else 0.62), *tints, rng)


def _burst(
    brush: Brush, x: float, y: float, radius: float, tint: Rgb, second: Rgb,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """One ball of rays in two colours about a bright heart, and the rocket's trail below."""
    canvas = brush.canvas
    foot = (brush.scene.horizon + 0.02) * brush.height
    trail = outline(np.array([x - 0.05 * radius, x + 0.05 * radius, x + 0.10 * radius]),
                    np.array([y, y, max(foot, y + radius)]))  # fmt: skip
    canvas.drawPath(trail, flat(mix(tint, (255, 190, 120), 0.5), 150))
    glow = [colour(tint, 150), colour(tint, 50), colour(tint, 0)]
    canvas.drawCircle(x, y, 1.5 * radius, radial(x, y, 1.5 * radius, glow))
    start = rng.uniform(0, 2 * np.pi)
    for reach, count, tone, thick in ((1.0, 20, tint, 0.050), (0.66, 14, second, 0.042)):
        rays, tips = skia.Path(), skia.Path()
        for ray in range(count):
            angle = start + ray * 2 * np.pi / count
            long = reach * radius * (1.0 if ray % 2 else 0.86)
            dx, dy = float(np.cos(angle)) * long, float(np.sin(angle)) * long
            fall = 0.16 * reach * radius
            across, down = -thick * radius * dy / long, thick * radius * dx / long
            rays.moveTo(x + 0.16 * dx, y + 0.16 * dy)  # a ray is a wedge that sinks at its end
            rays.quadTo(x + 0.7 * dx + across, y + 0.72 * dy + down, x + dx, y + dy + fall)
            rays.quadTo(x + 0.7 * dx - across, y + 0.72 * dy - down, x + 0.16 * dx, y + 0.16 * dy)
            tips.addCircle(x + 1.10 * dx, y + 1.10 * dy + 1.5 * fall, 0.030 * radius)
        canvas.drawPath(rays, flat(tone))
        canvas.drawPath(rays, stroke(tone, 255, 0.018 * radius))
        canvas.drawPath(tips, flat(mix(tone, WHITE, 0.5)))
        start += np.pi / count
    canvas.drawCircle(x, y, 0.13 * radius, flat((255, 255, 236)))
