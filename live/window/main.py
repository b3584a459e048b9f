"""The window: the scene, what lies over it, and where keys and pointer go."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PyQt6.QtWidgets import QWidget

from engine.trace import span
from live.compose.light import Light, ReactiveLight
from live.compose.panels import PanelAnimator
from live.compose.placeholder import placeholder_picture
from live.control.desk import Desk
from live.window.awake import ScreenAwake
from live.window.controls.commands import Commands
from live.window.controls.keys import BY_CODE, key_rows
from live.window.cursor import IdleCursor
from live.window.pace import FramePacer
from live.window.reading.hud import hud_rows
from live.window.reading.overlay import Overlay
from live.window.shape import WindowShape
from live.window.view import choose_view, painter_view
from live.window.wall.windows import WallWindows

if TYPE_CHECKING:
    from live.settings.model import Settings
    from live.show.session import Session
    from live.view.picture import Status, View

HUD_S = 0.25
"""How often the numbers of the head-up display change; faster cannot be read."""


class ShowWindow(QWidget):
    """Draws what a session says at the display's rate, and hands it what people press."""

    def __init__(
        self, session: Session, settings: Settings, view: str = "auto", desk: Desk | None = None
    ) -> None:
        """Show a started session; view is "auto", "opengl" or "painter".

        desk: where other hands than those at this window meet; None for a desk of its own.
        """
        super().__init__()
        self.setWindowTitle("Soundglass")
        self.setMinimumSize(320, 180)
        self.resize(_first_size(self))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.session = session
        self.overlay = Overlay(settings.panels)
        self.overlay.key_rows = key_rows()
        self._panels = PanelAnimator()
        self._reactive_light = ReactiveLight()
        self._shape = WindowShape()
        self._light: Light | None = None
        self.wall = WallWindows(
            self,
            self.overlay,
            lambda: session.settings,
            lambda: self.commands.do("panel-window"),
        )
        self.commands = Commands(self, desk or Desk(session), self.overlay, self.wall)
        self._cursor = IdleCursor(self)
        self._awake = ScreenAwake(self, self.note)
        self._hud_at_s = 0.0
        self.scene = choose_view(
            view, placeholder_picture(), self.wall.paint_main, self._view_failed, self
        )
        self._adopt_scene()
        self.note("press ? for all keys")
        self._pace = FramePacer(self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._timer.start(self._pace.interval_ms())

    # -- drawing --------------------------------------------------------------------------------

    def tick(self) -> None:
        """Look at the session and draw a frame if anything that is seen has changed."""
        with span("look"):
            self._advance(time.monotonic())

    def _advance(self, now_s: float) -> None:
        self.session.note_drawn()
        self.commands.poll()
        self._cursor.update(now_s, self.wall.full_screen.on)
        self.wall.advance(now_s)
        aspect = self._shape.settled_aspect(*self.wall.canvas(), now_s)
        if aspect is not None:
            self.session.paint_for(aspect)
        view = self.session.view()
        self._awake.want(self.wall.full_screen.on and view.dark < 1.0)
        self._show_view(view, now_s)
        self._make_room_for_settings()
        self._show_figures(view.status, now_s)
        self._draw_if_changed(now_s)
        self._timer.setInterval(self._pace.interval_ms(view.dark))

    def _show_view(self, view: View, now_s: float) -> None:
        """Hand the newest pictures, light and panels to those who draw them."""
        pictures = {}
        if view.pictures is not None:
            self.scene.show_picture(view.pictures.scene, now_s)
            pictures = view.pictures.panels
        if self._light is None or not view.status.frozen:
            breaths = view.pictures.breaths if view.pictures is not None else ()
            self._light = self._reactive_light.light(view.reactive, now_s, breaths)
        self.overlay.advance(view, self._panels.frame(view.panels, pictures, now_s), now_s)

    def _make_room_for_settings(self) -> None:
        panel = self.commands.settings_panel
        if panel is not None:
            self.overlay.covered = panel.covered
            self.overlay.only_lines = panel.covers_all

    def _show_figures(self, status: Status, now_s: float) -> None:
        """Refresh the head-up display and the settings, where they are seen and a while is over."""
        panel = self.commands.settings_panel
        panel_open = panel is not None and panel.isVisible()
        if not (self.overlay.hud_wanted or panel_open) or now_s - self._hud_at_s < HUD_S:
            return
        self._hud_at_s = now_s
        if panel is not None:
            panel.refresh(status)
        draw_ms = statistics.median(self.scene.draw_ms) if self.scene.draw_ms else 0.0
        self.overlay.hud_rows = hud_rows(status, self.scene.view_name, draw_ms)

    def _draw_if_changed(self, now_s: float) -> None:
        light = self._light
        if light is None or not self._pace.is_due(self.scene.draw_ms, light):
            return
        changed = self._pace.has_changed(self.scene, light, self.overlay, now_s)
        if changed or self.wall.is_new:
            self.scene.draw(light, now_s)
            self.wall.draw(light, now_s)

    def _adopt_scene(self) -> None:
        widget = self.scene.widget()
        widget.setMouseTracking(True)
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        widget.setGeometry(self.rect())
        widget.show()
        self.wall.adopt(self.scene)

    def _view_failed(self, reason: str) -> None:
        """OpenGL gave up after it was chosen: go on with QPainter."""
        failed = self.scene.widget()
        self.scene = painter_view(reason, placeholder_picture(), self.wall.paint_main, self)
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
        if key.repeats or not event.isAutoRepeat():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.commands.do(key.control, key.up and not (key.shift and shifted))

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Bring the pointer back."""
        self._cursor.note_movement(time.monotonic())

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Full screen, as people expect of pictures."""
        self.commands.do("full-screen")

    def contextMenuEvent(self, a0: QContextMenuEvent | None) -> None:  # noqa: N802
        """Offer what to listen to."""
        if a0 is not None:
            self.commands.open_menu_at(a0.globalPos())

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802
        """Stop drawing at once; the session is stopped by whoever started it."""
        self._timer.stop()
        self._awake.close()
        self.wall.close()
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
