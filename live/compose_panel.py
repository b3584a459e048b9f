"""One panel as pixels: picture, name, how sure, level meter, and the colour of its track."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from live.window_panels import PanelFrame

SOFT = 4
"""Shapes are drawn this much larger and then made smaller, which rounds their edges."""


def panel_pixels(frame: PanelFrame, width: int, height: int) -> Image.Image:
    """Return the panel as an RGB picture of width by height; round corners are the mask's."""
    colour = frame.panel.colour
    if frame.picture is None:
        ground = tuple(
            round(0.75 * c + 0.25 * own) for c, own in zip((14, 18, 28), colour, strict=True)
        )
        image = Image.new("RGB", (width, height), ground)
    else:
        image = Image.fromarray(frame.picture).resize((width, height), Image.Resampling.BICUBIC)
    image = Image.fromarray((np.asarray(image) * foot(height)).astype(np.uint8))
    inset = max(3, round(0.085 * height))
    words = words_mask(
        frame.panel.label, round(100 * frame.panel.probability), width - 2 * inset, height
    )
    image.paste((255, 255, 255), (inset, round(0.66 * height)), words)
    draw = ImageDraw.Draw(image)
    dot = max(2, round(0.055 * height))
    middle = round(0.66 * height) + words.height // 2
    draw.ellipse((inset, middle - dot, inset + 2 * dot, middle + dot), fill=colour)
    _meter(draw, frame.panel.level, colour, width, height, inset)
    lit = 0.38 + 0.62 * frame.panel.level
    edge = tuple(round(lit * c) for c in colour)
    draw.rounded_rectangle(
        (0, 0, width - 1, height - 1),
        radius=0.085 * height,
        outline=edge,
        width=max(1, height // 75),
    )
    return image


def _meter(
    draw: ImageDraw.ImageDraw,
    level: float,
    colour: tuple[int, int, int],
    width: int,
    height: int,
    inset: int,
) -> None:
    top = round(0.89 * height)
    thick = max(2, round(0.03 * height))
    end = width - inset
    draw.rectangle((inset, top, end, top + thick), fill=(74, 76, 82))
    lit = inset + round((end - inset) * min(max(level, 0.0), 1.0))
    if lit > inset:
        bright = tuple(min(255, round(1.2 * c)) for c in colour)
        draw.rectangle((inset, top, lit, top + thick), fill=bright)


@lru_cache(maxsize=8)
def foot(height: int) -> NDArray[np.float32]:
    """(height, 1, 1) factors that darken a panel's lower half, where the words stand."""
    share = np.linspace(0.0, 1.0, height, dtype=np.float32)
    return (1.0 - 0.72 * np.clip((share - 0.45) / 0.55, 0.0, 1.0))[:, None, None]


@lru_cache(maxsize=8)
def round_mask(width: int, height: int) -> Image.Image:
    """An "L" picture: 255 inside the round corners of a panel."""
    large = Image.new("L", (SOFT * width, SOFT * height), 0)
    ImageDraw.Draw(large).rounded_rectangle(
        (0, 0, SOFT * width - 1, SOFT * height - 1), radius=SOFT * 0.085 * height, fill=255
    )
    return large.resize((width, height), Image.Resampling.BOX)


@lru_cache(maxsize=256)
def words_mask(label: str, percent: int, width: int, height: int) -> Image.Image:
    """An "L" picture of a panel's line: name on the left (after the dot), percent on the right."""
    name_font, sure_font = font(round(0.135 * height)), font(round(0.115 * height))
    mask = Image.new("L", (width, round(0.2 * height)), 0)
    draw = ImageDraw.Draw(mask)
    middle = mask.height / 2
    sure = f"{percent}%"
    draw.text((width, middle), sure, fill=165, font=sure_font, anchor="rm")
    left = 0.2 * height
    room = width - left - sure_font.getlength(sure) - 0.06 * height
    draw.text(
        (left, middle), shortened(label, name_font, room), fill=240, font=name_font, anchor="lm"
    )
    return mask


def shortened(text: str, written_in: ImageFont.FreeTypeFont, width: float) -> str:
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
