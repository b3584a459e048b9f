"""Light on one subject: the picture's ambient colour, a lit and a shaded side, a rim, and air."""

from __future__ import annotations

from dataclasses import dataclass

import skia

from training.world.light import Light
from training.world.scene import Scene, Subject
from training.world.subjects.drawings import SMOOTH

ROOM = 8
"""Room around a subject's box for paper edges and blur, px."""


@dataclass(frozen=True, slots=True)
class Sunlight:
    """Where the light comes from, seen from a subject."""

    x: float
    y: float
    """Unit vector towards sun or moon; y grows downwards."""
    strength: float
    """0 where the sky is covered, 1 under an open sun."""


def sunlight(subject: Subject, scene: Scene, light: Light) -> Sunlight:
    """The light on a subject of this scene."""
    across = scene.body_x - subject.x
    up = scene.body_y - (subject.foot - 0.5 * subject.height) - 0.25
    length = max(1e-6, (across**2 + up**2) ** 0.5)
    covered = max(light.fog, light.storm, 0.7 * light.snow)
    return Sunlight(across / length, up / length, (1 - 0.85 * covered) * (1 - 0.35 * light.dark))


def _ambient(light: Light, veil: float, flame: bool) -> skia.ColorFilter:
    """Multiplies by the ambient light and mixes in the air between viewer and subject."""
    rows: list[float] = []
    for channel in range(3):
        gain = 1.0 if flame else light.ambient[channel]
        row = [0.0] * 5
        row[channel] = gain * (1 - veil)
        row[4] = light.haze[channel] / 255 * veil
        rows += row
    return skia.ColorFilters.Matrix([*rows, 0.0, 0.0, 0.0, 1.0, 0.0])


def lit_image(
    image: skia.Image,
    size: tuple[int, int],
    light: Light,
    sun: Sunlight,
    veil: float,
    flip: bool,
    flame: bool,
) -> skia.Image:
    """The subject at its size in the picture, under its light.

    Returns:
        `size` plus `ROOM` px on every side.
    """
    wide, tall = size
    surface = skia.Surface(wide + 2 * ROOM, tall + 2 * ROOM)
    canvas = surface.getCanvas()
    box = skia.Rect.MakeXYWH(ROOM, ROOM, wide, tall)
    if flip:
        canvas.translate(wide + 2 * ROOM, 0)
        canvas.scale(-1, 1)
    paint = skia.Paint(AntiAlias=True, ColorFilter=_ambient(light, veil, flame))
    canvas.drawImageRect(image, box, SMOOTH, paint)
    canvas.resetMatrix()
    if not flame:
        _shade(canvas, wide, tall, light, sun)
        _rim(surface, image, box, light, sun, flip)
    return surface.makeImageSnapshot()


def _shade(canvas: skia.Canvas, wide: int, tall: int, light: Light, sun: Sunlight) -> None:
    """Darker away from the light and towards the ground, warmer towards the light."""
    middle = skia.Point(ROOM + wide / 2, ROOM + tall / 2)
    reach = 0.5 * (wide * abs(sun.x) + tall * abs(sun.y)) + 1
    near = skia.Point(middle.x() + sun.x * reach, middle.y() + sun.y * reach)
    far = skia.Point(middle.x() - sun.x * reach, middle.y() - sun.y * reach)
    deep = [int(0.30 * tone) for tone in light.sky[0]]
    shadow = int(30 + 80 * sun.strength)
    shader = skia.GradientShader.MakeLinear(
        [near, far],
        [
            skia.ColorSetARGB(int(52 * sun.strength), *light.body),
            skia.ColorSetARGB(0, *deep),
            skia.ColorSetARGB(shadow, *deep),
        ],
        [0.0, 0.46, 1.0],
    )
    canvas.drawPaint(skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kSrcATop))


def _rim(
    surface: skia.Surface,
    image: skia.Image,
    box: skia.Rect,
    light: Light,
    sun: Sunlight,
    flip: bool,
) -> None:
    """A bright edge where the light grazes: what sticks out beyond the drawing moved away."""
    if sun.strength < 0.2:
        return
    canvas = surface.getCanvas()
    canvas.saveLayer(None, skia.Paint(BlendMode=skia.BlendMode.kSrcATop))
    canvas.clear(skia.ColorSetARGB(int(120 * sun.strength), *light.body))
    step = max(0.9, 0.016 * box.height())
    canvas.translate(-sun.x * step, -sun.y * step)
    if flip:
        canvas.translate(box.width() + 2 * ROOM, 0)
        canvas.scale(-1, 1)
    canvas.drawImageRect(image, box, SMOOTH, skia.Paint(BlendMode=skia.BlendMode.kDstOut))
    canvas.restore()
