"""The subjects: glyphs of the font Noto Color Emoji (OFL 1.1), cut out and lit by the scene."""

from __future__ import annotations

from functools import cache

import skia

from training.world.light import Light
from training.world.scene import Scene, Subject

FONT = "Noto Color Emoji"

GLYPHS: dict[str, tuple[str, ...]] = {
    "fire": ("🔥",),
    "birds": ("🐦",),
    "crow": ("🐦",),
    "owl": ("🦉",),
    "rooster": ("🐓",),
    "dog": ("🐕", "🦮"),
    "cat": ("🐈",),
    "cow": ("🐄",),
    "sheep": ("🐑",),
    "horse": ("🐎",),
    "frog": ("🐸",),
    "insects": ("🦗",),
    "wolf": ("🐺",),
    "train": ("🚂",),
    "aircraft": ("🛩\ufe0f",),
    "church bells": ("⛪",),
    "speech": ("👫",),
    "music": ("🎸", "🎻"),
}
"""Drawings of each subject; a scene's variant picks one of them."""

GLYPH_PX = 160
BLACK = ("crow",)
"""Subjects whose glyph is drawn in black feathers: the font has no glyph of its own for them."""


class FontMissingError(RuntimeError):
    """The emoji font is not installed."""


@cache
def _typeface() -> skia.Typeface:
    face = skia.FontMgr().matchFamilyStyle(FONT, skia.FontStyle())
    if face is None or face.getFamilyName() != FONT:
        raise FontMissingError(f"the font {FONT} is missing; install fonts-noto-color-emoji")
    return face


@cache
def cut_out(text: str) -> skia.Image:
    """A glyph as an image that is trimmed to its ink, so that its lower edge is where it stands."""
    blob = skia.TextBlob.MakeFromString(
        text.replace("\ufe0f", ""), skia.Font(_typeface(), GLYPH_PX)
    )
    side = 2 * GLYPH_PX
    surface = skia.Surface(side, side)
    surface.getCanvas().drawTextBlob(blob, GLYPH_PX * 0.4, GLYPH_PX * 1.4, skia.Paint())
    image = surface.makeImageSnapshot()
    alpha = image.toarray()[:, :, 3] > 24
    rows, columns = alpha.any(1).nonzero()[0], alpha.any(0).nonzero()[0]
    box = skia.IRect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return image.makeSubset(box)


def _lit(light: Light, haze: float, flame: bool, black: bool) -> skia.ColorFilter:
    """Multiplies by the ambient light and mixes in the air between viewer and subject."""
    gains = (1.0, 1.0, 1.0) if flame else light.ambient
    far = [channel / 255 for channel in light.ground[0]]
    rows: list[float] = []
    for channel in range(3):
        row = [0.0] * 5
        if black:
            row[:3] = [0.10 * gains[channel] * (1 - haze)] * 3
        else:
            row[channel] = gains[channel] * (1 - haze)
        row[4] = far[channel] * haze
        rows += row
    rows += [0.0, 0.0, 0.0, 1.0, 0.0]
    return skia.ColorFilters.Matrix(rows)


def draw_subject(
    canvas: skia.Canvas, subject: Subject, scene: Scene, light: Light, width: int, height: int
) -> None:
    """Draws one subject with its contact shadow; in the sky there is none."""
    drawings = GLYPHS[subject.label]
    image = cut_out(drawings[subject.variant % len(drawings)])
    tall = subject.size * height
    scale = min(tall / image.height(), 1.35 * tall / image.width())
    wide, tall = image.width() * scale, image.height() * scale
    centre, foot = subject.x * width, subject.foot * height
    centre = min(max(centre, 0.55 * wide), width - 0.55 * wide)
    flying = subject.label in ("aircraft", "birds")
    top = foot - (tall / 2 if flying else tall * 0.97)
    flame = subject.label == "fire"
    if flame:
        _glow(canvas, centre, top + 0.6 * tall, 1.5 * tall)
    elif not flying:
        _shadow(canvas, scene, centre, foot, wide, tall, width)
    depth = (subject.foot - scene.horizon) / (1 - scene.horizon)
    haze = 0.06 if flying else max(0.0, 0.20 * (1 - depth)) + (0.15 if light.name == "fog" else 0.0)
    lit = _lit(light, 0.0 if flame else haze, flame, subject.label in BLACK)
    paint = skia.Paint(AntiAlias=True, ColorFilter=lit)
    canvas.save()
    if subject.mirrored:
        canvas.translate(2 * centre, 0)
        canvas.scale(-1, 1)
    box = skia.Rect.MakeXYWH(centre - wide / 2, top, wide, tall)
    canvas.drawImageRect(
        image, box, skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear), paint
    )
    canvas.restore()
    if scene.water and not flying:
        _ripples(canvas, light, centre, foot, wide, height)


def _shadow(
    canvas: skia.Canvas,
    scene: Scene,
    centre: float,
    foot: float,
    wide: float,
    tall: float,
    width: int,
) -> None:
    lean = (centre / width - scene.body_x) * 0.5 * tall
    paint = skia.Paint(
        Color=skia.ColorSetARGB(88, 10, 14, 24),
        AntiAlias=True,
        MaskFilter=skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.04 * tall + 0.5),
    )
    box = skia.Rect.MakeLTRB(
        centre - 0.46 * wide + min(0.0, lean),
        foot - 0.06 * tall,
        centre + 0.46 * wide + max(0.0, lean),
        foot + 0.05 * tall,
    )
    canvas.drawOval(box, paint)


def _glow(canvas: skia.Canvas, x: float, y: float, radius: float) -> None:
    shader = skia.GradientShader.MakeRadial(
        skia.Point(x, y),
        radius,
        [skia.ColorSetARGB(150, 255, 170, 70), skia.ColorSetARGB(0, 255, 120, 40)],
    )
    canvas.drawCircle(x, y, radius, skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kScreen))


def _ripples(
    canvas: skia.Canvas, light: Light, centre: float, foot: float, wide: float, height: int
) -> None:
    paint = skia.Paint(
        Color=skia.ColorSetARGB(170, *light.sea[0]),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=0.012 * height,
    )
    for ring in (1.0, 1.25):
        half = 0.5 * wide * ring
        canvas.drawArc(
            skia.Rect.MakeLTRB(
                centre - half, foot - 0.09 * wide, centre + half, foot + 0.04 * wide
            ),
            10,
            160,
            False,
            paint,
        )
