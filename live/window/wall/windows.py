"""The windows of a show: one on each screen that it fills, and none of them ever nowhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QSize, QTimer
from PyQt6.QtGui import QGuiApplication, QPainter, QScreen
from PyQt6.QtWidgets import QWidget

from live.compose.wall.wander import wander_at
from live.window.full_screen import FullScreen
from live.window.wall.chosen import ChosenScreens
from live.window.wall.fitting import Fitting
from live.window.wall.grid import paint_edges, paint_grid, paint_handles
from live.window.wall.hand import Hand
from live.window.wall.layout import Shown, lay_out, window_layout
from live.window.wall.panel_window import PanelWindow
from live.window.wall.screens import Known, find, present
from live.window.wall.tile import TileWindow
from live.window.wall.trimming import Trimming

if TYPE_CHECKING:
    from live.compose.light import Light
    from live.settings.model import Settings
    from live.window.reading.overlay import Overlay
    from live.window.scene.widget import SceneView

SETTLED_MS = 200
"""A desktop that is changed says so several times."""
LOOK_S = 1.0
"""How often a window is looked for that no signal told of."""


class WallWindows(QObject):
    """Keeps the show's windows on their screens, whichever come and go."""

    def __init__(
        self,
        window: QWidget,
        overlay: Overlay,
        settings: Callable[[], Settings],
        panels_closed: Callable[[], None],
    ) -> None:
        """window: the main one, which has keys and notes. settings: of the show, as they are now.
        panels_closed: told when a person closes the window of the panels.

        `adopt` must be called with the main window's view before anything is drawn.
        """
        super().__init__(window)
        self._panels_closed = panels_closed
        self._window, self._overlay, self.settings = window, overlay, settings
        self.full_screen = FullScreen(window)
        self.trimming = Trimming(self._note)
        self.tiles: dict[str, TileWindow] = {}
        """The other windows, by key of their screen."""
        self._filled: list[Known] = []
        self.panel_window: PanelWindow | None = None
        self._chosen = ChosenScreens()
        self.fitting = Fitting(self)
        self._hand = Hand(window, self.fitting)
        window.installEventFilter(self._hand)
        self.is_new = False
        """Whether a view shows something else than at the last frame, or none yet."""
        self._view: SceneView | None = None
        self._layout = window_layout(window.size(), settings(), apart=False)
        self._laid_out: tuple[object, ...] = ()
        self._looked_s = self._began_s = time.monotonic()
        self._closed = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self.settle)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._screen_came)
        app.screenRemoved.connect(self._screens_changed)
        app.primaryScreenChanged.connect(self._screens_changed)
        for screen in app.screens():
            screen.geometryChanged.connect(self._screens_changed)

    @property
    def filled(self) -> list[Known]:
        """Screens that are filled, the main window's first; empty while it fills none."""
        return self._filled

    # -- which screens --------------------------------------------------------------------------

    def open(self, settings: Settings) -> None:
        """Stand on the screen, or fill the screens, that the settings ask for."""
        known = present()
        wanted = find(settings.screen, known)
        if wanted is None and settings.screen != "0":
            self._note(f"there is no screen {settings.screen}: showing on this one")
        full = settings.fullscreen or settings.span is not None
        if wanted is None and full:
            wanted = find(self.trimming.last, known)
        self._chosen = ChosenScreens(settings.span)
        for word in self._chosen.missing(known):
            self._note(f"there is no screen {word} to span")
        if wanted is not None:
            self._chosen.home = wanted.key
            self.full_screen.move_to(wanted.screen)
        self._window.show()
        if full:
            self.fill(True)

    def fill(self, on: bool) -> None:
        """Fill the screens, or be a window again."""
        if on == self.full_screen.on:
            return
        if on:
            known = present()
            here = next((k for k in known if k.screen is self._window.screen()), None)
            self._chosen.home = here.key if here is not None else self._chosen.home
            self.full_screen.enter()
            self.trimming.remember_last(self._chosen.home)
        else:
            self.fitting.show(False)
            self.full_screen.exit()
        self.settle()

    def next_screen(self) -> str:
        """Move the main window to the next screen; return what there is to say."""
        known = present()
        if len(known) < 2:
            return "there is only one screen"
        if len(self._filled) > 1:
            return "the picture spans the screens already"
        here = next((n for n, k in enumerate(known) if k.screen is self._window.screen()), -1)
        target = known[(here + 1) % len(known)]
        self._chosen.home = target.key
        self.full_screen.move_to(target.screen)
        if self.full_screen.on:
            self.trimming.remember_last(target.key)
        self.settle()
        return ""

    def settle(self) -> None:
        """Put every window where it belongs, as far as that screen is there."""
        known = present()
        if self._closed or not known:
            return
        if self.full_screen.on:
            self._filled = self._chosen.of(known)
            self.full_screen.enter(self._filled[0].screen)
        else:
            self._filled = []
            if self.full_screen.is_lost:
                self.full_screen.move_to((find(self._chosen.home, known) or known[0]).screen)
        self._open_tiles(self._filled[1:])
        if self.panel_window is not None:
            self.panel_window.settle(known, self._filled)
        self._lay_out()

    def _screen_came(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._screens_changed)
        self._screens_changed()

    def _screens_changed(self, *_: object) -> None:
        if not self._closed:
            self._settle.start(SETTLED_MS)

    # -- what is drawn on them ------------------------------------------------------------------

    def adopt(self, view: SceneView) -> None:
        """Take the main window's view, now or after the last one failed."""
        self._view = view
        for tile in self.tiles.values():
            tile.use(view)
        self._laid_out = ()

    def advance(self, now_s: float) -> None:
        """Follow the settings, and look for what is lost; called every frame."""
        if now_s - self._looked_s >= LOOK_S:
            self._looked_s = now_s
            windows = [self.full_screen, *(tile.full_screen for tile in self.tiles.values())]
            if self.panel_window is not None:
                windows.append(self.panel_window.full_screen)
            if any(each.is_lost for each in windows):
                self.settle()
        most = self.settings().pixel_shift if self.full_screen.on else 0
        self._overlay.shift = wander_at(now_s - self._began_s, most)
        for tile in self.tiles.values():
            tile.cursor_at(now_s)
        self._follow_panels(now_s)
        self._lay_out()

    def canvas(self) -> tuple[float, float]:
        """Return width and height of the whole picture, as far as their shape goes."""
        return self._layout.aspect * self._window.height(), self._window.height()

    def draw(self, light: Light, now_s: float) -> None:
        """Ask the other windows for a frame."""
        self.is_new = False
        for tile in self.tiles.values():
            tile.view.draw(light, now_s)

    def redraw(self) -> None:
        """Draw all windows anew."""
        self._laid_out = ()

    def paint_main(self, painter: QPainter, size: QSize) -> None:
        """Draw over the main window's scene."""
        self.paint(self._filled[0].key if self._filled else "", painter, size)

    def paint(self, key: str, painter: QPainter, size: QSize) -> None:
        """Draw over the scene of a screen: panels and texts, soft edges, the test grid."""
        shown = self._layout.shown.get(key, Shown())
        # What is read stands clear of the soft edges.
        inside = shown.edges.inside(size.width(), size.height())
        painter.translate(inside[0], inside[1])
        room = QSize(round(inside[2]), round(inside[3]))
        self._overlay.paint(painter, room, shown.panels, shown.read)
        painter.translate(-inside[0], -inside[1])
        fitting = self.fitting
        if fitting.shown:
            title = next((each.title for each in self._filled if each.key == key), "")
            here = fitting.key == key
            paint_grid(painter, size, title, _HELP if here else ())
            paint_edges(painter, size, shown.edges)
            paint_handles(painter, size, shown.edges, fitting.handle if here else "")
        else:
            paint_edges(painter, size, shown.edges)

    def close(self) -> None:
        """Close the other windows."""
        self._closed = True
        self._open_tiles([])
        if self.panel_window is not None:
            self.panel_window.dismiss()

    @property
    def _apart(self) -> bool:
        """Whether the panels have a window of their own: not where it would hide the picture."""
        free = len(QGuiApplication.screens()) - len(self._filled)
        return self.settings().panel_window and (free > 0 or not self._filled)

    def _follow_panels(self, now_s: float) -> None:
        """Have the panels in a window of their own if that is asked for."""
        wanted = self._apart
        if wanted and self.panel_window is None:
            self.panel_window = PanelWindow(self._hand, self._overlay, self._panels_closed)
            self.panel_window.settle(present(), self._filled)
        elif not wanted and self.panel_window is not None:
            self.panel_window.dismiss()
            self.panel_window = None
        if self.panel_window is not None:
            self.panel_window.advance(now_s)

    def _lay_out(self) -> None:
        """Tell every view what it shows, if that has changed."""
        settings, slots = self.settings(), self._overlay.slots
        size = self._window.size()
        now = (
            settings.clone, settings.rotate, self._apart, slots, self.trimming.version,
            tuple(each.key for each in self._filled), (size.width(), size.height()),
        )  # fmt: skip
        if now == self._laid_out or self._view is None:
            return
        self._laid_out = now
        self.is_new = True
        self._layout = (
            lay_out(self._filled, self.trimming, settings, slots, self._apart)
            if self._filled
            else window_layout(size, settings, self._apart)
        )
        for key, shown in self._layout.shown.items():
            view = self.tiles[key].view if key in self.tiles else self._view
            view.place(shown.placing)
        self._hand.main_key = self._filled[0].key if self._filled else ""
        self._hand.turn = int(settings.rotate)

    def _open_tiles(self, wanted: list[Known]) -> None:
        """Have a window on each of these screens, and on no other."""
        keys = {each.key for each in wanted}
        for key in [key for key in self.tiles if key not in keys]:
            self.tiles.pop(key).dismiss()
        for each in wanted:
            if each.key not in self.tiles and self._view is not None:
                tile = TileWindow(self._hand, self._view, each.key, self.paint)
                self.tiles[each.key] = tile
            self.tiles[each.key].full_screen.enter(each.screen)

    def _note(self, line: str) -> None:
        self._overlay.note(line, time.monotonic())


_HELP = (
    "drag a corner, or the middle of a side for a soft edge",
    "Tab: next handle    arrows: move it, with Shift faster    N: next screen",
    "Backspace: as it was    W or Esc: done",
)
