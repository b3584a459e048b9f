"""One panel as pixels: the picture, the level meter in its track's colour, and the caption."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.packets import U8
from live.compose.panel_layout import CORNER
from live.compose.panels import PanelFrame

SUPERSAMPLING = 4
"""Shapes are drawn this much larger and then made smaller, which rounds their edges."""
PAPER = (14, 18, 28)
"""Under a panel that has no picture yet."""
RAIL, EDGE, QUIET, INK = 46, 190, 165, 240
"""How opaque the white of the meter's rail, the picture's edge and the words is, of 255."""


def panel_pixels(frame: PanelFrame, side: int, caption: int) -> tuple[Image.Image, Image.Image]:
    """Return an "RGB" panel and its "L" opacity, both `side` wide and `side + caption` high."""
    panel = frame.panel
    pixels = Image.new("RGB", (side, side + caption), (255, 255, 255))
    alpha = Image.new("L", pixels.size, 0)
    if frame.picture is None:
        ground = tuple(
            round(0.82 * c + 0.18 * own) for c, own in zip(PAPER, panel.colour, strict=True)
        )
        pixels.paste(ground, (0, 0, side, side))
    else:
        picture = Image.fromarray(frame.picture)
        pixels.paste(picture.resize((side, side), Image.Resampling.BICUBIC), (0, 0))
    pixels.paste((255, 255, 255), (0, 0), edge_mask(side))
    alpha.paste(round_mask(side), (0, 0))
    _meter(pixels, alpha, panel.level, panel.colour, side)
    words = caption_mask(panel.label, round(100 * panel.probability), side, caption)
    alpha.paste(words, (0, side + caption - words.height))
    return pixels, alpha


def reduced(picture: U8, side: int) -> U8:
    """Return a panel's picture (h, w, 3) at so many pixels square, or as it is if it is smaller."""
    if min(picture.shape[:2]) <= side:
        return picture
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))


def _meter(
    pixels: Image.Image, alpha: Image.Image, level: float, colour: tuple[int, int, int], side: int
) -> None:
    top, thick = round(1.045 * side), max(2, round(0.02 * side))
    alpha.paste(RAIL, (0, top, side, top + thick))
    lit = round(side * min(max(level, 0.0), 1.0))
    if lit:
        bright = tuple(min(255, round(1.2 * c)) for c in colour)
        pixels.paste(bright, (0, top, lit, top + thick))
        alpha.paste(255, (0, top, lit, top + thick))


@lru_cache(maxsize=8)
def round_mask(side: int) -> Image.Image:
    """An "L" picture: 255 inside the round corners of a panel's picture."""
    large = Image.new("L", (SUPERSAMPLING * side, SUPERSAMPLING * side), 0)
    box = (0, 0, SUPERSAMPLING * side - 1, SUPERSAMPLING * side - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius=SUPERSAMPLING * CORNER * side, fill=255)
    return large.resize((side, side), Image.Resampling.BOX)


@lru_cache(maxsize=8)
def edge_mask(side: int) -> Image.Image:
    """An "L" picture: the thin edge around a panel's picture."""
    large = Image.new("L", (SUPERSAMPLING * side, SUPERSAMPLING * side), 0)
    ImageDraw.Draw(large).rounded_rectangle(
        (0, 0, SUPERSAMPLING * side - 1, SUPERSAMPLING * side - 1),
        radius=SUPERSAMPLING * CORNER * side,
        outline=EDGE,
        width=max(SUPERSAMPLING, round(SUPERSAMPLING * 0.008 * side)),
    )
    return large.resize((side, side), Image.Resampling.BOX)


@lru_cache(maxsize=256)
def caption_mask(label: str, percent: int, side: int, caption: int) -> Image.Image:
    """An "L" picture of a caption: the name on the left, how sure it is on the right."""
    mask = Image.new("L", (side, round(0.64 * caption)), 0)
    draw = ImageDraw.Draw(mask)
    sure_font, name_font = font(round(0.1 * side)), font(round(0.125 * side))
    middle, sure = mask.height / 2, f"{percent}%"
    draw.text((side, middle), sure, fill=QUIET, font=sure_font, anchor="rm")
    room = side - sure_font.getlength(sure) - 0.04 * side
    if name_font.getlength(label) > room:
        # A long name is written a little smaller before it is cut.
        name_font = sure_font
    name = elide(label, name_font, room)
    draw.text((0, middle), name, fill=INK, font=name_font, anchor="lm")
    return mask


def elide(text: str, written_in: ImageFont.FreeTypeFont, width: float) -> str:
    """Return the text, cut with an ellipsis if it is wider than `width` pixels."""
    if written_in.getlength(text) <= width:
        return text
    while text and written_in.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


@lru_cache(maxsize=16)
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """Return the font that comes with Pillow, at a size."""
    made = ImageFont.load_default(max(8, pixels))
    assert isinstance(made, ImageFont.FreeTypeFont)
    return made
