"""Drawings of single things, as vector bodies, and how a look is put together from them.

A drawing is named `set:name`. The sets `own` lie as SVG files in `drawings/own`; the others are
openly licensed emoji sets, of which `drawings/<set>.json` holds the few bodies that are used.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import skia

FOLDER = Path(__file__).parents[1] / "drawings"
STAMP_PX = 320
"""Side of the square that a drawing is rasterised in."""
LOOK_PX = 256
"""Height of one unit of a look while it is put together."""
INK = 24
"""Alpha above which a pixel counts as ink, out of 255."""

Swap = tuple[tuple[str, str], ...]
"""Pairs of hexadecimal colours: painted instead of each other."""


class UnknownDrawingError(KeyError):
    """No set holds a drawing of this name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One drawing in a look; lengths are in heights of the look."""

    drawing: str
    x: float = 0.0
    """Centre of its ink."""
    foot: float = 0.0
    """How far its ink stands above the foot of the look."""
    height: float = 1.0
    """Height of its ink."""
    flip: bool = False
    keep: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    """Left, top, right and bottom of what is kept of the drawing's square: cuts away the sea
    under a ship, or the runway under an aeroplane."""
    swap: Swap = ()
    tone: tuple[float, float, float] | None = None
    """Painted in shades of this colour (linear factors of the luminance) instead of its own."""
    turn: float = 0.0
    """Degrees clockwise."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way to draw a subject."""

    parts: tuple[Part, ...]
    side: int = -1
    """Where the drawing looks as it is: -1 left, +1 right."""
    base: str = "ground"
    """What it rests on: ground, water, sky, branch, trunk, post, pad (of a water
    lily), rails, road or street."""
    lamps: tuple[tuple[float, float, float], ...] = ()
    """Windows and headlights that are lit at night: x and y over width and height of the ink,
    radius over height."""
    flame: bool = False
    """Gives light of its own."""


@cache
def _set(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def svg(drawing: str) -> str:
    """The drawing as an SVG document."""
    family, name = drawing.split(":")
    try:
        if family == "own":
            return (FOLDER / "own" / f"{name}.svg").read_text(encoding="utf-8")
        body = _set(family)["bodies"][name]
    except (OSError, KeyError) as error:
        raise UnknownDrawingError(drawing) from error
    view = " ".join(str(edge) for edge in body["view"])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{view}">{body["body"]}</svg>'
    )


def trim(image: skia.Image) -> skia.Image:
    """The image cut down to its ink."""
    alpha = image.toarray()[:, :, 3] > INK
    rows, columns = alpha.any(1).nonzero()[0], alpha.any(0).nonzero()[0]
    box = skia.IRect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return image.makeSubset(box)


def _swap_colours(text: str, swap: Swap) -> str:
    if not swap:
        return text
    pairs = {before.lower(): after for before, after in swap}
    known = "|".join(re.escape(before) for before in pairs)
    return re.sub(known, lambda found: pairs[found[0].lower()], text, flags=re.IGNORECASE)


@cache
def _stamp(drawing: str, swap: Swap, keep: tuple[float, float, float, float]) -> skia.Image:
    text = _swap_colours(svg(drawing), swap)
    dom = skia.SVGDOM.MakeFromStream(skia.MemoryStream(text.encode(), True))
    surface = skia.Surface(STAMP_PX, STAMP_PX)
    canvas = surface.getCanvas()
    left, top, right, bottom = (edge * STAMP_PX for edge in keep)
    canvas.clipRect(skia.Rect.MakeLTRB(left, top, right, bottom), True)
    dom.setContainerSize(skia.Size(STAMP_PX, STAMP_PX))
    dom.render(canvas)
    return trim(surface.makeImageSnapshot())


def _tone_filter(tone: tuple[float, float, float]) -> skia.ColorFilter:
    rows: list[float] = []
    for gain in tone:
        rows += [0.30 * gain, 0.55 * gain, 0.15 * gain, 0.0, 0.0]
    return skia.ColorFilters.Matrix([*rows, 0.0, 0.0, 0.0, 1.0, 0.0])


SMOOTH = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


@cache
def draw_look(look: Look) -> skia.Image:
    """A look as an image of premultiplied RGBA that is trimmed to its ink."""
    wide, tall, ground = 4 * LOOK_PX, 2 * LOOK_PX, 1.5 * LOOK_PX
    surface = skia.Surface(wide, tall)
    canvas = surface.getCanvas()
    for part in look.parts:
        image = _stamp(part.drawing, part.swap, part.keep)
        height = part.height * LOOK_PX
        width = height * image.width() / image.height()
        canvas.save()
        canvas.translate(wide / 2 + part.x * LOOK_PX, ground - part.foot * LOOK_PX - height / 2)
        canvas.rotate(part.turn)
        canvas.scale(-1 if part.flip else 1, 1)
        paint = skia.Paint(AntiAlias=True)
        if part.tone:
            paint.setColorFilter(_tone_filter(part.tone))
        box = skia.Rect.MakeXYWH(-width / 2, -height / 2, width, height)
        canvas.drawImageRect(image, box, SMOOTH, paint)
        canvas.restore()
    return trim(surface.makeImageSnapshot()).withDefaultMipmaps()
