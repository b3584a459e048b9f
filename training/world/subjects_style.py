"""Subjects in the picture's style: paper that is cut out, or colours that run."""

from __future__ import annotations

from functools import cache

import numpy as np
import skia

from training.world.subjects_drawings import Look, drawn, trimmed

PAPER_STEP = 44
"""Tones of a paper cut lie this far apart, out of 255."""
MARGIN = 12
"""Room around the ink in which colours can run, px."""


@cache
def styled(look: Look, style: str) -> skia.Image:
    """A look in one style, before any light falls on it; its ink fills the image."""
    image = drawn(look)
    if style == "papercut":
        return _paper(image)
    return _wash(image) if style == "watercolour" else image


def _paper(image: skia.Image) -> skia.Image:
    """Few flat tones: sheets of coloured paper."""
    pixels = image.toarray().astype(np.float32)
    blurred = pixels[..., :3]
    tones = np.round(blurred / PAPER_STEP) * PAPER_STEP
    pixels[..., :3] = np.clip(0.86 * tones + 0.14 * blurred + 8, 0, 255)
    return skia.Image.fromarray(pixels.astype(np.uint8))


def _wash(image: skia.Image) -> skia.Image:
    """Watercolour: paler in the middle, pigment that settles in grains and along a wavering rim."""
    wide, tall = image.width() + 2 * MARGIN, image.height() + 2 * MARGIN
    surface = skia.Surface(wide, tall)
    canvas = surface.getCanvas()
    noise = skia.PerlinNoiseShader.MakeFractalNoise(0.035, 0.035, 3, 7.0)
    waves = skia.ImageFilters.Shader(noise)
    run = skia.ImageFilters.DisplacementMap(
        skia.ColorChannel.kR, skia.ColorChannel.kG, 9.0, waves, None
    )
    canvas.drawImage(image, MARGIN, MARGIN, skia.SamplingOptions(), skia.Paint(ImageFilter=run))
    pixels = surface.makeImageSnapshot().toarray().astype(np.float32)
    colours, alpha = pixels[..., :3], pixels[..., 3:] / 255
    grey = colours @ np.array([0.15, 0.55, 0.30], np.float32)
    colours = 0.80 * colours + 0.20 * grey[..., None]
    grain = _grain(tall, wide)
    inner = np.clip((_softened(alpha[..., 0]) - 0.5) * 2, 0, 1)[..., None]
    pale = 0.16 * inner + 0.20 * (grain - 0.5)
    colours = colours + (255 - colours) * np.clip(pale, 0, 1) + 60 * np.clip(pale, -1, 0)
    colours *= 1 - 0.22 * (1 - inner)
    pixels[..., :3] = np.clip(colours, 0, 255)
    return trimmed(skia.Image.fromarray(pixels.astype(np.uint8)))


@cache
def _grain(tall: int, wide: int) -> np.ndarray:
    surface = skia.Surface(wide, tall)
    noise = skia.PerlinNoiseShader.MakeFractalNoise(0.02, 0.02, 4, 3.0)
    surface.getCanvas().drawRect(skia.Rect(wide, tall), skia.Paint(Shader=noise))
    return surface.makeImageSnapshot().toarray()[..., :1].astype(np.float32) / 255


def _softened(alpha: np.ndarray) -> np.ndarray:
    """Mean over a square of 13 px: 1 well inside the ink, a half at its rim."""
    size, half = 13, 6
    padded = np.pad(alpha, half + 1)
    total = padded.cumsum(0).cumsum(1)
    tall, wide = alpha.shape
    boxes = total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]
    return boxes[:tall, :wide] / size**2


def draw_sheet(
    canvas: skia.Canvas, image: skia.Image, box: skia.Rect, shift: tuple[float, float]
) -> None:
    """The paper that a cut-out is glued on: its crisp light edge and the shadow it throws."""
    edge = max(0.8, 0.012 * box.height())
    grown = skia.ImageFilters.Dilate(edge, edge)
    shade = skia.ImageFilters.DropShadowOnly(
        shift[0], shift[1], 1.6 * edge, 1.6 * edge, skia.ColorSetARGB(110, 12, 14, 24), grown
    )
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    canvas.drawImageRect(image, box, smooth, skia.Paint(ImageFilter=shade))
