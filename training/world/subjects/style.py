"""Subjects in the picture's style: paper that is cut out, or colours that run."""

from __future__ import annotations

from functools import cache

import numpy as np
import skia

from training.world.subjects.drawings import SMOOTH, Look, draw_look, trim

PAPER_STEP = 44
"""Tones of a paper cut lie this far apart, out of 255."""
MARGIN = 12
"""Room around the ink in which colours can run, px."""


@cache
def apply_style(look: Look, style: str) -> skia.Image:
    """A look in one style, before any light falls on it; its ink fills the image."""
    image = draw_look(look)
    if style == "papercut":
        return _paper(image)
    return _wash(image) if style == "watercolour" else image


def _pixels(image: skia.Image) -> np.ndarray:
    """f32 (height, width, 4) RGBA, 0 to 255, colours not multiplied by alpha."""
    return image.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType).astype(np.float32)


def _image(pixels: np.ndarray) -> skia.Image:
    whole = np.ascontiguousarray(np.clip(pixels, 0, 255).astype(np.uint8))
    image = skia.Image.fromarray(whole, colorType=skia.ColorType.kRGBA_8888_ColorType)
    return image.withDefaultMipmaps()


def _paper(image: skia.Image) -> skia.Image:
    """Few flat tones: sheets of coloured paper."""
    pixels = _pixels(image)
    tones = np.round(pixels[..., :3] / PAPER_STEP) * PAPER_STEP
    pixels[..., :3] = 0.80 * tones + 0.20 * pixels[..., :3] + 8
    return _image(pixels)


def _wash(image: skia.Image) -> skia.Image:
    """Watercolour: paler in the middle, pigment that settles in grains and along a wavering rim."""
    pixels = np.pad(_pixels(image), ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)))
    tall, wide = pixels.shape[:2]
    rows, columns = np.mgrid[:tall, :wide]
    noise = _grain(tall, wide)
    down = np.rint((noise[..., 0] - 0.5) * 0.9 * MARGIN).astype(int)
    across = np.rint((noise[..., 1] - 0.5) * 0.9 * MARGIN).astype(int)
    pixels = pixels[(rows + down).clip(0, tall - 1), (columns + across).clip(0, wide - 1)]
    colours, inner = pixels[..., :3], np.clip(2 * _soften(pixels[..., 3] / 255) - 1, 0, 1)
    grey = colours @ np.array([0.30, 0.55, 0.15], np.float32)
    colours = 0.84 * colours + 0.16 * grey[..., None]
    grain = noise[..., 2] - 0.5
    pale = (0.10 + 0.55 * grain) * inner
    colours += (255 - colours) * pale.clip(0, 1)[..., None]
    colours *= (1 - 0.30 * (1 - inner) + 0.5 * pale.clip(-1, 0))[..., None]
    pixels[..., :3] = colours
    return trim(_image(pixels)).withDefaultMipmaps()


@cache
def _grain(tall: int, wide: int) -> np.ndarray:
    surface = skia.Surface(wide, tall)
    noise = skia.PerlinNoiseShader.MakeFractalNoise(0.02, 0.02, 4, 3.0)
    surface.getCanvas().drawRect(skia.Rect(wide, tall), skia.Paint(Shader=noise))
    return surface.makeImageSnapshot().toarray()[..., :3].astype(np.float32) / 255


def _soften(alpha: np.ndarray) -> np.ndarray:
    """Mean over a square of 13 px: 1 well inside the ink, a half at its rim."""
    size, half = 13, 6
    padded = np.pad(alpha, half + 1)
    total = padded.cumsum(0).cumsum(1)
    tall, wide = alpha.shape
    boxes = (
        total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]
    )
    return boxes[:tall, :wide] / size**2


def draw_sheet(
    canvas: skia.Canvas,
    image: skia.Image,
    box: skia.Rect,
    shift: tuple[float, float],
    paper: tuple[int, int, int],
) -> None:
    """The paper that a cut-out is glued on: its crisp light edge and the shadow it throws."""
    edge = max(0.7, 0.009 * box.height())
    shade = skia.ImageFilters.DropShadowOnly(
        shift[0], shift[1], 1.4, 1.4, skia.ColorSetARGB(120, 12, 14, 24)
    )
    canvas.drawImageRect(image, box, SMOOTH, skia.Paint(ImageFilter=shade))
    white = skia.ColorFilters.Blend(skia.ColorSetRGB(*paper), skia.BlendMode.kSrcIn)
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        moved = box.makeOffset(across * edge, down * edge)
        canvas.drawImageRect(image, moved, SMOOTH, skia.Paint(ColorFilter=white))
