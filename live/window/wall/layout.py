"""What each of the screens that are filled shows, from the settings and what is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize

from live.compose.wall.arrange import HARD, Edges, Screen, Tile, arrange
from live.compose.wall.mapping import PLAIN, Placing
from live.window.wall.screens import Known
from live.window.wall.trimming import Trimming

if TYPE_CHECKING:
    from live.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """What one screen shows, and where on it."""

    placing: Placing = PLAIN
    edges: Edges = HARD
    panels: range | None = None
    """Slots of the panels that hang on it; None for all."""
    read: bool = True
    """Whether what is read (notes, tables) stands on it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """All screens that are filled."""

    shown: Mapping[str, Shown]
    """By key of the screen."""
    aspect: float
    """Width over height of the whole picture."""


def lay_out(
    filled: Sequence[Known], trimming: Trimming, settings: Settings, slots: int, apart: bool
) -> Layout:
    """Return what each screen shows; the first of them has what is read.

    slots: of panels. apart: whether these have a window of their own.
    """
    screens = wall_of(filled, trimming, settings)
    if settings.clone:
        tiles = {each.key: Tile(edges=each.edges) for each in screens}
        aspect = screens[0].size[0] / screens[0].size[1]
    else:
        tiles, aspect = arrange(screens, slots)
    turn = int(settings.rotate)
    shown = {
        each.key: Shown(
            Placing(tile.part, turn, trimming.corners(each.key)),
            tile.edges,
            range(0) if apart else tile.panels,
            settings.clone or each.key == filled[0].key,
        )
        for each, tile in ((each, tiles[each.key]) for each in filled)
    }
    return Layout(shown, aspect)


def window_layout(size: QSize, settings: Settings, apart: bool) -> Layout:
    """Return what a window that fills no screen shows."""
    placing = Placing(turn=int(settings.rotate))
    panels = range(0) if apart else None
    aspect = placing.whole_aspect(size.width(), size.height())
    return Layout({"": Shown(placing, panels=panels)}, aspect)


def wall_of(filled: Sequence[Known], trimming: Trimming, settings: Settings) -> list[Screen]:
    """Return the screens as a wall is arranged of them."""
    turn = Placing(turn=int(settings.rotate))
    return [_screen(each, trimming, turn) for each in filled]


def _screen(known: Known, trimming: Trimming, turn: Placing) -> Screen:
    box, ratio = known.screen.geometry(), known.screen.devicePixelRatio()
    size = turn.upright(box.width() * ratio, box.height() * ratio)
    return Screen(
        known.key,
        (box.x(), box.y(), box.width(), box.height()),
        size,
        Edges(*trimming.edges(known.key)),
    )
