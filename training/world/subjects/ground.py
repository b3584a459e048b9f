"""What subjects rest on and what they throw: shadows, reflections, rails, roads, branches."""

from __future__ import annotations

import math

import skia

from training.world.light import Light, Rgb
from training.world.subjects.drawings import SMOOTH
from training.world.subjects.shade import ROOM, Sunlight

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a subject's ink, px."""


def shade_colour(rgb: Rgb, light: Light, veil: float = 0.0) -> Rgb:
    """A colour of a thing of wood or stone, under the picture's light."""
    gains = zip(light.ambient, light.shade, strict=True)
    lit = (tone * (0.5 * (a + b)) for tone, (a, b) in zip(rgb, gains, strict=True))
    red, green, blue = (
        int((1 - veil) * tone + veil * far) for tone, far in zip(lit, light.haze, strict=True)
    )
    return red, green, blue


def fill(rgb: Rgb, alpha: int = 255) -> skia.Paint:
    """Paint for an area."""
    return skia.Paint(Color=skia.ColorSetARGB(alpha, *rgb), AntiAlias=True)


def line(rgb: Rgb, width: float, alpha: int = 255) -> skia.Paint:
    """Paint for a stroke with round ends, `width` px wide."""
    return skia.Paint(
        Color=skia.ColorSetARGB(alpha, *rgb),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
    )


def draw_shadow(canvas: skia.Canvas, lit: skia.Image, box: Box, sun: Sunlight) -> None:
    """The shadow on the ground, towards the viewer and away from sun or moon."""
    left, _, right, foot = box
    tall = foot - box[1]
    lean = max(-0.9, min(0.9, -0.9 * sun.x))
    dark = skia.ColorFilters.Blend(skia.ColorSetRGB(8, 12, 22), skia.BlendMode.kSrcIn)
    if sun.strength > 0.2:
        paint = skia.Paint(ColorFilter=dark, Alphaf=0.34 * sun.strength)
        paint.setImageFilter(skia.ImageFilters.Blur(0.012 * tall + 0.6, 0.012 * tall + 0.6))
        canvas.save()
        canvas.concat(skia.Matrix.MakeAll(1, -lean, lean * foot, 0, -0.20, 1.20 * foot, 0, 0, 1))
        canvas.drawImage(lit, left - ROOM, box[1] - ROOM, SMOOTH, paint)
        canvas.restore()
    blur = skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.018 * tall + 0.6)
    paint = skia.Paint(Color=skia.ColorSetARGB(96, 8, 12, 20), AntiAlias=True, MaskFilter=blur)
    wide = right - left
    oval = skia.Rect.MakeLTRB(
        left + 0.06 * wide, foot - 0.030 * tall, right - 0.06 * wide, foot + 0.026 * tall
    )
    canvas.drawOval(oval, paint)


def draw_reflection(canvas: skia.Canvas, lit: skia.Image, box: Box, seed: int) -> None:
    """A mirror image that the water breaks into strips."""
    left, top, right, foot = box
    tall = foot - top
    depth = 0.46 * tall
    rows = max(6, int(depth / 2.2))
    for row in range(rows):
        near = row / rows
        canvas.save()
        y = foot + near * depth
        canvas.clipRect(
            skia.Rect.MakeLTRB(left - 20, y, right + 20, y + depth / rows * (1 - 0.35 * near))
        )
        sway = (0.4 + 2.6 * near) * math.sin(2.1 * row + seed % 7)
        canvas.concat(skia.Matrix.MakeAll(1, 0, sway, 0, -0.55, 1.55 * foot, 0, 0, 1))
        canvas.drawImage(
            lit, left - ROOM, top - ROOM, SMOOTH, skia.Paint(Alphaf=0.42 * (1 - near) ** 0.8)
        )
        canvas.restore()


def draw_waterline(canvas: skia.Canvas, box: Box, light: Light) -> None:
    """Ripples where a floating thing meets the water, in front of it."""
    left, top, right, foot = box
    wide, tall = right - left, foot - top
    red, green, blue = (
        int(0.55 * a + 0.45 * 255 * b) for a, b in zip(light.sea[0], light.ambient, strict=True)
    )
    bright = min(255, red), min(255, green), min(255, blue)
    deep = light.sea[1]
    for ring, (grow, drop) in enumerate(((0.52, 0.0), (0.66, 0.028), (0.80, 0.062))):
        middle, half = (left + right) / 2, grow * wide
        path = skia.Path()
        y = foot + drop * tall - 0.008 * tall
        path.moveTo(middle - half, y)
        steps = 6
        for step in range(steps):
            x0 = middle - half + 2 * half * (step + 0.5) / steps
            x1 = middle - half + 2 * half * (step + 1) / steps
            path.quadTo(x0, y + (0.02 * tall + 0.8) * (1 if step % 2 else -1), x1, y)
        canvas.drawPath(path, line(deep, 0.020 * tall + 1.0, 120 - 34 * ring))
        canvas.drawPath(path, line(bright, 0.009 * tall + 0.7, 210 - 62 * ring))


def draw_rails(canvas: skia.Canvas, box: Box, width: int, light: Light, veil: float) -> None:
    """A track on its bed from one side of the picture to the other."""
    foot, tall = box[3], box[3] - box[1]
    bed = shade_colour((150, 138, 124), light, veil)
    canvas.drawRect(
        skia.Rect.MakeLTRB(0, foot - 0.035 * tall, width, foot + 0.085 * tall), fill(bed)
    )
    canvas.drawRect(
        skia.Rect.MakeLTRB(0, foot + 0.06 * tall, width, foot + 0.085 * tall),
        fill(shade_colour((104, 94, 86), light, veil)),
    )
    step = 0.11 * tall
    x = (box[0] % step) - step
    wood = fill(shade_colour((96, 70, 52), light, veil))
    while x < width:
        canvas.drawRect(
            skia.Rect.MakeXYWH(x, foot + 0.002 * tall, 0.055 * tall, 0.052 * tall), wood
        )
        x += step
    for y, thick in ((foot - 0.004 * tall, 0.014 * tall), (foot + 0.042 * tall, 0.018 * tall)):
        canvas.drawLine(0, y, width, y, line(shade_colour((84, 90, 100), light, veil), thick + 0.5))
        canvas.drawLine(
            0,
            y - 0.3 * thick,
            width,
            y - 0.3 * thick,
            line(shade_colour((206, 214, 222), light, veil), 0.4 * thick + 0.2),
        )


def draw_road(
    canvas: skia.Canvas, box: Box, width: int, light: Light, veil: float, lanes: int
) -> None:
    """A road of one or two lanes from one side of the picture to the other."""
    foot, tall = box[3], box[3] - box[1]
    top, bottom = foot - (0.075 if lanes == 1 else 0.27) * tall, foot + 0.115 * tall
    edge = fill(shade_colour((176, 166, 146), light, veil))
    canvas.drawRect(skia.Rect.MakeLTRB(0, top - 0.016 * tall, width, bottom + 0.022 * tall), edge)
    canvas.drawRect(
        skia.Rect.MakeLTRB(0, top, width, bottom), fill(shade_colour((98, 100, 108), light, veil))
    )
    step = 0.36 * tall
    x = (box[0] % step) - step
    white = fill(shade_colour((240, 236, 222), light, veil))
    middle = foot + (0.058 if lanes == 1 else -0.085) * tall
    while x < width:
        canvas.drawRect(skia.Rect.MakeXYWH(x, middle, 0.19 * tall, 0.018 * tall), white)
        x += step


def draw_pad(canvas: skia.Canvas, box: Box, light: Light, veil: float) -> None:
    """A leaf of a water lily in a little pond."""
    left, top, right, foot = box
    tall, middle, half = foot - top, (left + right) / 2, (right - left) / 2 + 0.12 * (foot - top)

    def oval(grow: float, high: float, down: float) -> skia.Rect:
        y = foot + down * tall
        return skia.Rect.MakeLTRB(
            middle - grow * half, y - high * tall, middle + grow * half, y + high * tall
        )

    canvas.drawOval(oval(1.55, 0.150, 0.02), fill(light.sea[1], 150))
    canvas.drawOval(oval(1.48, 0.135, 0.025), fill(light.sea[0], 170))
    canvas.drawOval(oval(1.0, 0.085, 0.012), fill(shade_colour((44, 112, 66), light, veil)))
    canvas.drawOval(oval(0.98, 0.078, 0.0), fill(shade_colour((84, 168, 96), light, veil)))
    vein = line(shade_colour((58, 134, 76), light, veil), 0.012 * tall + 0.4)
    for across in (-0.9, -0.45, 0.5, 0.92):
        canvas.drawLine(middle, foot, middle + across * half * 0.9, foot + 0.05 * tall, vein)
