"""Draws one subject of a scene: lit by its light, standing on its ground, in its style.

The ink of the drawing fills its box exactly: centre at `x`, lower edge at `foot`, `height` tall.
Shadows, reflections, branches and rails reach beyond it.
"""

from __future__ import annotations

import skia

from training.world.light import Light
from training.world.scene import Scene, Subject
from training.world.subjects.drawings import SMOOTH, Look
from training.world.subjects.ground import (
    Box,
    draw_pad,
    draw_rails,
    draw_reflection,
    draw_road,
    draw_shadow,
    draw_waterline,
    shade_colour,
)
from training.world.subjects.looks import LOOKS
from training.world.subjects.perch import draw_branch, draw_post, draw_trunk
from training.world.subjects.shade import ROOM, lit_image, sunlight
from training.world.subjects.style import apply_style, draw_sheet

__all__ = ["LOOKS", "draw_subject", "draw_ways", "ink_box", "look_of"]

GROUNDED = ("ground", "rails", "road", "street")


def look_of(subject: Subject) -> Look:
    """The drawing that a subject wears."""
    return LOOKS[subject.label][subject.look]


def ink_box(subject: Subject, style: str, width: int, height: int) -> Box:
    """Left, top, right and bottom of a subject's ink in a picture of this size, px."""
    image = apply_style(look_of(subject), style)
    tall = subject.height * height
    wide = tall * image.width() / image.height()
    left, foot = subject.x * width - wide / 2, subject.foot * height
    return left, foot - tall, left + wide, foot


def _veil(subject: Subject, scene: Scene, light: Light, base: str) -> float:
    """How much air lies before a subject, 0 to 1: more where it stands farther away."""
    near = min(1.0, max(0.0, (subject.height - 0.15) / 0.4))
    air = 0.10 if base == "sky" else 0.16
    return min(
        0.6, air * (1 - near) + 0.24 * light.fog * (1.2 - near) + 0.10 * light.snow * (1 - near)
    )


def draw_ways(canvas: skia.Canvas, scene: Scene, light: Light, width: int, height: int) -> None:
    """Draws rails and roads; before all subjects, as they cross the whole picture."""
    for subject in scene.subjects:
        base = look_of(subject).base
        box = ink_box(subject, scene.style, width, height)
        veil = _veil(subject, scene, light, base)
        if base == "rails":
            draw_rails(canvas, box, width, light, veil)
        elif base in ("road", "street"):
            draw_road(canvas, box, width, light, veil, 1 if base == "road" else 2)


def draw_subject(
    canvas: skia.Canvas, subject: Subject, scene: Scene, light: Light, width: int, height: int
) -> None:
    """Draws one subject into a picture of `width` by `height` px."""
    look = look_of(subject)
    left, top, right, foot = box = ink_box(subject, scene.style, width, height)
    size = max(1, round(right - left)), max(1, round(foot - top))
    sun, flip = sunlight(subject, scene, light), subject.facing != look.side
    veil = 0.0 if look.flame else _veil(subject, scene, light, look.base)
    image = apply_style(look, scene.style)
    lit = lit_image(image, size, light, sun, veil, flip, look.flame)
    back = -subject.facing
    if look.base == "pad":
        draw_pad(canvas, box, light, veil)
    elif look.base == "branch":
        draw_branch(canvas, scene, box, back, height, light, veil)
    elif look.base == "trunk":
        draw_trunk(canvas, scene, box, subject.facing, height, light, veil)
    elif look.base == "post":
        draw_post(canvas, scene, box, height, light, veil)
    elif look.base == "water":
        draw_reflection(canvas, lit, box, scene.seed)
    if look.flame:
        _glow(canvas, box, 0.55 + 0.45 * light.dark)
    elif look.base in GROUNDED:
        draw_shadow(canvas, lit, box, sun)
    placed = skia.Rect.MakeXYWH(left - ROOM, top - ROOM, lit.width(), lit.height())
    if scene.style == "papercut":
        draw_sheet(canvas, lit, placed, (-2.0 * sun.x, 2.5), shade_colour((250, 244, 230), light))
    canvas.drawImageRect(lit, placed, SMOOTH, skia.Paint(AntiAlias=True))
    if look.base == "water":
        draw_waterline(canvas, box, light)
    if light.dark > 0.05:
        _lamps(canvas, look, box, flip, light.dark)


def _glow(canvas: skia.Canvas, box: Box, strength: float) -> None:
    """Firelight in the air and on the ground around."""
    left, top, right, foot = box
    tall, middle = foot - top, (left + right) / 2
    for y, radius, squash, alpha in (
        (foot - 0.4 * tall, 1.35 * tall, 1.0, 120),
        (foot, 1.2 * tall, 0.28, 130),
    ):
        shader = skia.GradientShader.MakeRadial(
            skia.Point(0, 0),
            radius,
            [
                skia.ColorSetARGB(int(alpha * strength), 255, 176, 84),
                skia.ColorSetARGB(int(0.3 * alpha * strength), 255, 130, 50),
                skia.ColorSetARGB(0, 255, 110, 40),
            ],
            [0.0, 0.45, 1.0],
        )
        canvas.save()
        canvas.translate(middle, y)
        canvas.scale(1, squash)
        canvas.drawCircle(0, 0, radius, skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kScreen))
        canvas.restore()


def _lamps(canvas: skia.Canvas, look: Look, box: Box, flip: bool, dark: float) -> None:
    """Headlights and windows that shine in the dark."""
    left, top, right, foot = box
    for across, down, radius in look.lamps:
        x = right - across * (right - left) if flip else left + across * (right - left)
        y, reach = top + down * (foot - top), 2.2 * radius * (foot - top)
        shader = skia.GradientShader.MakeRadial(
            skia.Point(x, y),
            reach,
            [
                skia.ColorSetARGB(int(230 * dark), 255, 238, 186),
                skia.ColorSetARGB(int(90 * dark), 255, 206, 120),
                skia.ColorSetARGB(0, 255, 190, 90),
            ],
            [0.0, 0.3, 1.0],
        )
        canvas.drawCircle(x, y, reach, skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kScreen))
