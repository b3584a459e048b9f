"""Fitting the picture to the screens by hand: which handle of which screen, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from live.compose.wall.arrange import facing
from live.compose.wall.mapping import Placing, Point
from live.window.wall.layout import wall_of
from live.window.wall.screens import Known
from live.window.wall.trimming import CORNERS, EDGES, HANDLES, Trimming

if TYPE_CHECKING:
    from live.settings.model import Settings


class Wall(Protocol):
    """What is asked of the windows of a show."""

    trimming: Trimming
    settings: Callable[[], Settings]
    """Of the show, as they are now."""

    @property
    def filled(self) -> Sequence[Known]:
        """Screens that are filled, the main window's first."""
        ...

    def redraw(self) -> None:
        """Draw all windows anew."""


class Fitting:
    """The test grid: shown over every screen that is filled, about one handle of one of them."""

    def __init__(self, wall: Wall) -> None:
        """Belong to the windows of a show."""
        self._wall = wall
        self._key = ""
        self._handle = HANDLES[0]
        self._grabbed: Point = (0.0, 0.0)
        """From the handle to where the mouse took it."""
        self.shown = False

    def show(self, on: bool) -> str:
        """Show or hide the grid; return what there is to say."""
        if on and not self._wall.filled:
            return "the test grid is for full screen: press F before"
        if self.shown and not on:
            self._wall.trimming.save()
        self.shown = on
        self._wall.redraw()
        return ""

    @property
    def key(self) -> str:
        """Key of the screen that it is about; the first where that one went."""
        keys = [each.key for each in self._wall.filled]
        return self._key if self._key in keys else (keys or [""])[0]

    @property
    def screen(self) -> int:
        """Number of the screen that it is about, from 1."""
        return next((k.number for k in self._wall.filled if k.key == self.key), 1)

    def choose_screen(self, number: int) -> str:
        """Be about another screen; return what there is to say."""
        found = next((k for k in self._wall.filled if k.number == number), None)
        if found is None:
            return f"screen {number} is not filled"
        self._key = found.key
        self._wall.redraw()
        return ""

    def next_screen(self) -> None:
        """Be about the next screen that is filled."""
        keys = [each.key for each in self._wall.filled]
        self._key = keys[(keys.index(self.key) + 1) % len(keys)] if keys else ""
        self._wall.redraw()

    @property
    def handle(self) -> str:
        """Name of the handle that keys move."""
        return self._handle

    def choose(self, handle: str) -> None:
        """Take another handle."""
        self._handle = handle
        self._wall.redraw()

    def step(self, by: int) -> None:
        """Take the handle so many further on."""
        self.choose(HANDLES[(HANDLES.index(self._handle) + by) % len(HANDLES)])

    @property
    def place(self) -> Point:
        """Where the handle is, in shares of the screen; of a soft edge how wide it is."""
        return self._wall.trimming.place(self.key, self._handle)

    def move(self, x: float | None = None, y: float | None = None) -> str:
        """Move the handle there, as far as it may go; return what there is to say."""
        was = self.place
        to = (was[0] if x is None else x, was[1] if y is None else y)
        if not self._wall.trimming.move(self.key, self._handle, to):
            return "there the picture would fold"
        self._meet()
        return ""

    def nudge(self, right: float, down: float) -> None:
        """Move the handle by so many pixels of the screen."""
        known = next((k for k in self._wall.filled if k.key == self.key), None)
        if known is None:
            return
        box, ratio = known.screen.geometry(), known.screen.devicePixelRatio()
        turn = Placing(turn=int(self._wall.settings().rotate))
        wide, tall = turn.upright(box.width() * ratio, box.height() * ratio)
        if self._handle in ("right", "bottom"):  # a soft edge grows inwards
            right, down = -right, -down
        was = self.place
        self.move(was[0] + right / wide, was[1] + down / tall)

    def reset(self) -> None:
        """Let the picture fill the screen as it was before."""
        self._wall.trimming.reset(self.key)
        self._wall.trimming.save()

    def grab(self, key: str, at: Point) -> None:
        """Take the handle nearest to a place of a screen, seen upright."""
        self._key = key
        self._handle = self._wall.trimming.nearest(key, at)
        seen = self._seen_at(at)
        self._grabbed = (seen[0] - self.place[0], seen[1] - self.place[1])
        self._wall.redraw()

    def drag(self, at: Point) -> None:
        """Move it with the mouse."""
        seen = self._seen_at(at)
        self.move(seen[0] - self._grabbed[0], seen[1] - self._grabbed[1])

    def let_go(self) -> None:
        """Keep what the mouse or the keys have done."""
        self._wall.trimming.save()

    def _seen_at(self, at: Point) -> Point:
        """A place of the screen in the handle's own terms."""
        if self._handle in CORNERS:
            return at
        inside = self._wall.trimming.inside(self.key, at)
        return (
            1.0 - inside[0] if self._handle == "right" else inside[0],
            1.0 - inside[1] if self._handle == "bottom" else inside[1],
        )

    def _meet(self) -> None:
        """Let the soft edge of the screen beside be as wide in the picture as this one."""
        settings = self._wall.settings()
        if self._handle not in EDGES or settings.clone:
            return
        screens = wall_of(self._wall.filled, self._wall.trimming, settings)
        width = max(self.place)
        for key, side, share in facing(screens, self.key, self._handle):
            self._wall.trimming.move(key, side, (width * share, width * share))
