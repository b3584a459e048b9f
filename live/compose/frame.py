"""The show as one picture without a window: scene, light, strip of panels, message.

For recordings, for headless runs and for `soundglass render`. It looks as the window does and
shares the window's rules for fading, light and slots, but needs no Qt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from engine.packets import U8
from live.compose.breathing import breathe
from live.compose.crossfade import CrossFade, resize_to
from live.compose.light import Light, ReactiveLight
from live.compose.panel import font, panel_pixels, reduced
from live.compose.panel_layout import panel_row
from live.compose.panel_shadow import COLOUR as SHADOW
from live.compose.panel_shadow import shadow, shadow_box
from live.compose.panels import PanelAnimator, PanelFrame
from live.compose.placeholder import placeholder_picture
from live.compose.scaling import Scaler
from live.view.picture import View

WIDTH, HEIGHT = 1280, 720
"""Size of recordings and frames of a show of the usual shape."""
_OTHER_SHAPE = 0.15
"""Logarithm of what a scene may be wider or narrower than the frame and still fill it: no window
cuts more of a scene that was painted for it."""
_NARROWEST, _WIDEST = 0.25, 4.0
_BLURRED, _DIM = 24, 0.7
"""How much smaller the ground is made, which blurs it, and what is left of its light."""


def frame_size(aspect: float, pixels: int = WIDTH * HEIGHT) -> tuple[int, int]:
    """Return the (width, height), both even, of frames of about so many pixels.

    aspect: width over height; one beyond 1:4 or 4:1 is taken for these.
    """
    aspect = min(max(aspect, _NARROWEST), _WIDEST)
    width, height = math.sqrt(pixels * aspect), math.sqrt(pixels / aspect)
    return 2 * round(width / 2), 2 * round(height / 2)


class Composer:
    """Draws view after view; remembers what fades.

    Frames follow one another in time: `frame` is called with rising moments.
    """

    def __init__(self, width: int = WIDTH, height: int = HEIGHT, slots: int = 4) -> None:
        """width, height: size in pixels, both at least 64. slots: of the strip."""
        self.width, self.height, self.slots = width, height, slots
        self._fade = CrossFade(first=placeholder_picture())
        self._reactive_light = ReactiveLight()
        self._panels = PanelAnimator()
        self._scaler = Scaler()
        self._reduced: dict[int, tuple[U8, U8]] = {}
        """Each panel's newest picture, and that at the size of the strip."""

    def frame(self, view: View, now_s: float) -> U8:
        """Return what is to be seen at now_s, (height, width, 3) sRGB."""
        light, panels = self.update(view, now_s)
        if view.dark >= 1.0:
            return np.zeros((self.height, self.width, 3), np.uint8)
        scene = self._fade.picture_at(now_s)
        assert scene is not None
        image = light_scene(scene, light, self.width, self.height, self._scaler)
        if panels:
            image = _paste_panels(image, panels, self.slots)
        if view.message:
            _draw_message(image, view.message)
        if view.dark > 0.0:
            image = image.point([round((1.0 - view.dark) * level) for level in range(256)] * 3)
        return np.asarray(image)

    def update(self, view: View, now_s: float) -> tuple[Light, tuple[PanelFrame, ...]]:
        """Take note of a view without drawing it."""
        pictures = view.pictures
        if pictures is not None:
            self._fade.show(pictures.scene, now_s)
        breaths = pictures.breaths if pictures is not None else ()
        light = self._reactive_light.light(view.reactive, now_s, breaths)
        shown = self._reduce(pictures.panels if pictures is not None else {})
        return light, self._panels.frame(view.panels, shown, now_s)

    def _reduce(self, panels: Mapping[int, U8]) -> dict[int, U8]:
        """Return the panels at the size that they are seen at: once each, not in every frame."""
        side = round(panel_row(self.width, self.height, self.slots).side)
        before, self._reduced = self._reduced, {}
        for track, picture in panels.items():
            kept = before.get(track)
            if kept is None or kept[0] is not picture:
                kept = picture, reduced(picture, side)
            self._reduced[track] = kept
        return {track: kept[1] for track, kept in self._reduced.items()}


def light_scene(
    scene: U8, light: Light, width: int, height: int, scaler: Scaler
) -> Image.Image:
    """Return the scene (h, w, 3) in its light, covering width by height.

    A scene of quite another shape, as in a film of a window that has been turned, is not cut: it
    stands whole before a dim and blurred one.
    """
    lit = scene.astype(np.float32) @ light.matrix()
    for breath in light.breaths:
        breathe(lit, breath)
    if light.flash > 0.01:
        lit += bloom(*scene.shape[:2]) * np.float32(70.0 * light.flash)
    small = np.clip(lit, 0, 255, out=lit).astype(np.uint8)
    tall, wide = scene.shape[:2]
    if abs(math.log(wide / tall * height / width)) > _OTHER_SHAPE:
        return _letterbox_over_blur(small, width, height)
    return Image.fromarray(scaler.cover(small, width, height, light.zoom))


def _letterbox_over_blur(lit: U8, width: int, height: int) -> Image.Image:
    tall, wide = lit.shape[:2]
    scale = min(width / wide, height / tall)
    size = round(scale * wide), round(scale * tall)
    ground = Image.fromarray(
        resize_to(lit, (max(1, height // _BLURRED), max(1, width // _BLURRED)))
    )
    ground = ground.filter(ImageFilter.GaussianBlur(2)).point(lambda level: _DIM * level)
    ground = ground.resize((width, height), Image.Resampling.BICUBIC)
    at = (width - size[0]) // 2, (height - size[1]) // 2
    ground.paste(Image.fromarray(lit).resize(size, Image.Resampling.BICUBIC), at)
    return ground


@lru_cache(maxsize=2)
def bloom(height: int, width: int) -> NDArray[np.float32]:
    """(height, width, 3) light in [0, 1] that falls off from the middle."""
    y = (np.arange(height, dtype=np.float32) / height - 0.55)[:, None]
    x = (np.arange(width, dtype=np.float32) / width - 0.5)[None]
    light = np.exp(-(x * x + y * y) / 0.18)[:, :, None].astype(np.float32)
    return np.repeat(light, 3, axis=2)  # adding the same shape takes half as long


def _paste_panels(image: Image.Image, panels: Sequence[PanelFrame], slots: int) -> Image.Image:
    width, height = image.size
    row = panel_row(width, height, max([slots, *(each.panel.slot + 1 for each in panels)]))
    top, side, caption = round(row.top), round(row.side), round(row.caption)
    for each in panels:
        left, above, wide, tall = (round(v) for v in shadow_box(row, each.panel.slot))
        dark = Image.fromarray((shadow(wide, tall) * (255 * each.panel.presence)).astype(np.uint8))
        image.paste(SHADOW, (left, above, left + wide, above + tall), dark)
    for each in panels:
        presence = each.panel.presence
        pixels, alpha = panel_pixels(each, side, caption)
        if presence < 0.99:
            alpha = alpha.point([round(level * presence) for level in range(256)])
        at = (round(row.lefts[each.panel.slot]), top + round((1 - presence) * 0.08 * side))
        image.paste(pixels, at, alpha)
    return image


def _draw_message(image: Image.Image, message: str) -> None:
    draw = ImageDraw.Draw(image, "RGBA")
    unit = min(image.height, image.width)
    written_in, pad = font(max(12, round(0.026 * unit))), round(0.018 * unit)
    message = _break_lines(message, written_in, image.width - 6 * pad)
    middle = (image.width / 2, 0.08 * image.height)
    left, top, right, bottom = draw.textbbox(
        middle, message, font=written_in, anchor="mm", align="center"
    )
    draw.rounded_rectangle(
        (left - 2 * pad, top - pad, right + 2 * pad, bottom + pad),
        radius=pad,
        fill=(12, 15, 22, 178),
    )
    ink = (255, 255, 255, 235)
    draw.text(middle, message, font=written_in, anchor="mm", align="center", fill=ink)


def _break_lines(text: str, written_in: ImageFont.FreeTypeFont, width: float) -> str:
    """Return the text in lines that are no wider, broken within a word only where one is."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if written_in.getlength(longer) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if written_in.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return "\n".join(line for line in lines if line)


def compose(view: View, width: int = WIDTH, height: int = HEIGHT) -> U8:
    """Return a view as a picture that stands alone, nothing in the midst of fading."""
    composer = Composer(width, height)
    composer.update(view, 0.0)
    return composer.frame(view, 10.0)
