"""The window: the scene, what lies over it, and where keys and pointer go."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PyQt6.QtWidgets import QWidget

from engine.trace import span
from live.compose.dawn import dawn
from live.compose.light import Reactions
from live.compose.panels import PanelMemory
from live.window.controls.commands import Commands
from live.window.controls.keys import BY_CODE, key_rows
from live.window.cursor import IdleCursor
from live.window.pace import Pace
from live.window.reading.hud import hud_rows
from live.window.reading.overlay import Overlay
from live.window.shape import WindowShape
from live.window.view import choose_view, painter_view

if TYPE_CHECKING:
    from live.settings.model import Settings
    from live.show.session import Session

HUD_S = 0.25
"""How often the numbers of the head-up display change; faster cannot be read."""


class ShowWindow(QWidget):
    """Draws what a session says at the display's rate, and hands it what people press."""

    def __init__(self, session: Session, settings: Settings, view: str = "auto") -> None:
        """Show a started session; view is "auto", "opengl" or "painter"."""
        super().__init__()
        self.setWindowTitle("Soundglass")
        self.setMinimumSize(320, 180)
        self.resize(_first_size(self))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.session = session
        self.overlay = Overlay(settings.panels)
        self.overlay.key_rows = key_rows()
        self._panels = PanelMemory()
        self._reactions = Reactions()
        self._shape = WindowShape()
        self._light = None
        self.commands = Commands(self, session, self.overlay)
        self._cursor = IdleCursor(self)
        self._hud_at_s = 0.0
        self.scene = choose_view(view, dawn(), self.overlay.paint, self._view_failed, self)
        self._adopt_scene()
        self.note("press ? for all keys")
        self._pace = Pace(self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._timer.start(self._pace.interval_ms())

    # -- drawing --------------------------------------------------------------------------------

    def tick(self) -> None:
        """Look at the session and draw a frame if anything that is seen has changed."""
        with span("look"):
            self._look(time.monotonic())

    def _look(self, now_s: float) -> None:
        self.commands.poll()
        self._cursor.rest(now_s, self.commands.full_screen.on)
        aspect = self._shape.settled(self.width(), self.height(), now_s)
        if aspect is not None:
            self.session.paint_for(aspect)
        view = self.session.view()
        if view.pictures is not None:
            self.scene.show_picture(view.pictures.scene, now_s)
        if self._light is None or not view.status.frozen:
            self._light = self._reactions.light(view.reactive, now_s)
        pictures = view.pictures.panels if view.pictures is not None else {}
        self.overlay.advance(view, self._panels.frame(view.panels, pictures, now_s), now_s)
        panel = self.commands.settings_panel
        panel_open = panel is not None and panel.isVisible()
        self.overlay.covered = panel.covered if panel is not None else 0
        self.overlay.only_lines = panel is not None and panel.covers_all
        if (self.overlay.hud_wanted or panel_open) and now_s - self._hud_at_s >= HUD_S:
            self._hud_at_s = now_s
            if panel is not None:
                panel.refresh(view.status)
            draw_ms = statistics.median(self.scene.draw_ms) if self.scene.draw_ms else 0.0
            self.overlay.hud_rows = hud_rows(view.status, self.scene.view_name, draw_ms)
        if self._pace.due(self.scene.draw_ms, self._light) and self._pace.changed(
            self.scene, self._light, self.overlay, now_s
        ):
            self.scene.draw(self._light, now_s)
        self._timer.setInterval(self._pace.interval_ms())

    def _adopt_scene(self) -> None:
        widget = self.scene.widget()
        widget.setMouseTracking(True)
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        widget.setGeometry(self.rect())
        widget.show()

    def _view_failed(self, reason: str) -> None:
        """OpenGL gave up after it was chosen: go on with QPainter."""
        failed = self.scene.widget()
        self.scene = painter_view(reason, dawn(), self.overlay.paint, self)
        self._adopt_scene()
        failed.hide()
        failed.deleteLater()
        if self.commands.settings_panel is not None:
            self.commands.settings_panel.raise_()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802
        """Let the scene fill the window."""
        self.scene.widget().setGeometry(self.rect())
        if self.commands.settings_panel is not None:
            self.commands.settings_panel.place()

    # -- what people press ----------------------------------------------------------------------

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802
        """Do what the key stands for; see `live.window.controls.keys`."""
        event = a0
        if event is None:
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Q, Qt.Key.Key_W):
            self.close()
            return
        key = BY_CODE.get(event.key())
        if key is None or control:
            super().keyPressEvent(event)
            return
        repeats = key.action in ("more_sensitive", "less_sensitive")
        if repeats or not event.isAutoRepeat():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.commands.do(key.back if key.back and shifted else key.action)

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Bring the pointer back."""
        self._cursor.moved(time.monotonic())

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Full screen, as people expect of pictures."""
        self.commands.toggle_full_screen()

    def contextMenuEvent(self, a0: QContextMenuEvent | None) -> None:  # noqa: N802
        """Offer what to listen to."""
        if a0 is not None:
            self.commands.open_menu_at(a0.globalPos())

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802
        """Stop drawing at once; the session is stopped by whoever started it."""
        self._timer.stop()
        self.commands.close()
        super().closeEvent(a0)

    def note(self, text: str) -> None:
        """Say something in one line for a few seconds."""
        self.commands.note(text)


def _first_size(window: QWidget) -> QSize:
    """Return 1280 by 720, or as much of it as the screen has room for."""
    size, screen = QSize(1280, 720), window.screen()
    room = size if screen is None else 0.9 * screen.availableSize()
    if size.width() > room.width() or size.height() > room.height():
        size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
    return size
