"""The window: the scene, what lies over it, and the keys."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QPoint, QSize, Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PyQt6.QtWidgets import QWidget

from engine.trace import span
from live.compose.dawn import dawn
from live.compose.light import Reactions
from live.compose.panels import PanelMemory
from live.settings.changes import OPENS_MODELS
from live.window.controls.choices import next_choice, said, said_of
from live.window.controls.keys import BY_CODE, key_rows
from live.window.controls.menu import InputMenu
from live.window.controls.settings import SettingsPanel
from live.window.cursor import IdleCursor
from live.window.desktop import recording_path, snapshot_folder
from live.window.full_screen import FullScreen
from live.window.pace import Pace
from live.window.reading.hud import hud_rows
from live.window.reading.overlay import Overlay
from live.window.shape import WindowShape
from live.window.view import choose_view, painter_view
from live.window.work import SideWork

if TYPE_CHECKING:
    from live.settings.model import Settings
    from live.show.session import Session

SENSITIVITY_STEP_DB = 3.0
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
        self.full_screen = FullScreen(self)
        self._cursor = IdleCursor(self)
        self._work = SideWork()
        self.menu = InputMenu(self)
        self.settings_panel: SettingsPanel | None = None
        self._hud_at_s = 0.0
        self._recording_to: Path | None = None
        self.scene = choose_view(view, dawn(), self.overlay.paint, self._view_failed, self)
        self._adopt_scene()
        self.note("press ? for all keys")
        self._pace = Pace(self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._find_microphones()
        self._timer.start(self._pace.interval_ms())

    # -- drawing --------------------------------------------------------------------------------

    def tick(self) -> None:
        """Look at the session and draw a frame if anything that is seen has changed."""
        with span("look"):
            self._look(time.monotonic())

    def _look(self, now_s: float) -> None:
        self._work.poll()
        self._cursor.rest(now_s, self.full_screen.on)
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
        panel = self.settings_panel
        panel_open = panel is not None and panel.isVisible()
        self.overlay.covered = panel.covered if panel is not None else 0
        self.overlay.only_lines = panel is not None and panel.covers_all
        if (self.overlay.hud_wanted or panel_open) and now_s - self._hud_at_s >= HUD_S:
            self._hud_at_s = now_s
            if self.settings_panel is not None:
                self.settings_panel.refresh(view.status)
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
        if self.settings_panel is not None:
            self.settings_panel.raise_()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802
        """Let the scene fill the window."""
        self.scene.widget().setGeometry(self.rect())
        if self.settings_panel is not None:
            self.settings_panel.place()

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
            getattr(self, key.back if key.back and shifted else key.action)()

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Bring the pointer back."""
        self._cursor.moved(time.monotonic())

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Full screen, as people expect of pictures."""
        self.toggle_full_screen()

    def contextMenuEvent(self, a0: QContextMenuEvent | None) -> None:  # noqa: N802
        """Offer what to listen to."""
        if a0 is not None:
            self._open_menu(a0.globalPos())

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802
        """Stop drawing at once; the session is stopped by whoever started it."""
        self._timer.stop()
        self._work.close()
        super().closeEvent(a0)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        self._cursor.moved(time.monotonic())
        self.full_screen.toggle()

    def next_screen(self) -> None:
        """Move to the next screen, full or not as it is now."""
        if not self.full_screen.next_screen():
            self.note("there is only one screen")

    def toggle_panels(self) -> None:
        """Show or hide the strip."""
        if not self.overlay.places:
            self.note("panels are off: start with --panels 4")
        self.overlay.panels_wanted = not self.overlay.panels_wanted

    def toggle_hud(self) -> None:
        """Show or hide the head-up display."""
        self.overlay.hud_wanted = not self.overlay.hud_wanted
        self._hud_at_s = 0.0

    def toggle_settings(self) -> None:
        """Open or close the settings panel."""
        if self.settings_panel is None:
            self.settings_panel = SettingsPanel(self)
        elif self.settings_panel.isVisible():
            self.settings_panel.hide()
            self.setFocus()
            return
        self.settings_panel.refresh(self.session.view().status)
        self.settings_panel.show()
        self.settings_panel.raise_()

    def change_settings(self, given: dict[str, Any]) -> None:
        """Let the show go on with other settings, by attribute; beside the drawing."""
        if any(each in given for each in OPENS_MODELS):
            self.note("opening the models again; the show goes on")

        def changed(_: Any) -> None:
            if "panels" in given:
                self.overlay.places = given["panels"]
                self.overlay.panels_wanted = given["panels"] > 0
            self._settled(said_of(given))

        self._work.do(
            lambda: self.session.change(**given),
            changed,
            lambda error: self._settled(str(error) or repr(error)),
        )

    def _settled(self, line: str) -> None:
        self.note(line)
        if self.settings_panel is not None:
            self.settings_panel.finished()

    def toggle_keys(self) -> None:
        """Show or hide what all keys do."""
        self.overlay.keys_wanted = not self.overlay.keys_wanted

    def next_light(self) -> None:
        """Ask for the next light."""
        self._choose("light", 1)

    def previous_light(self) -> None:
        """Ask for the light before."""
        self._choose("light", -1)

    def next_season(self) -> None:
        """Ask for the next season."""
        self._choose("season", 1)

    def previous_season(self) -> None:
        """Ask for the season before."""
        self._choose("season", -1)

    def next_style(self) -> None:
        """Ask for the next style."""
        self._choose("style", 1)

    def previous_style(self) -> None:
        """Ask for the style before."""
        self._choose("style", -1)

    def toggle_freeze(self) -> None:
        """Hold the pictures, or let them go on."""
        self.session.freeze(not self.session.view().status.frozen)

    def toggle_recording(self) -> None:
        """Start a recording, or finish the one that is running."""
        if self.session.view().status.recording:
            saved = self._recording_to
            where = f"recorded {saved}" if saved else "the recording is finished"
            self._do(self.session.stop_recording, lambda _: where)
            return
        self._recording_to = recording_path()
        path = self._recording_to
        self._do(lambda: self.session.start_recording(path), lambda _: f"recording to {path}")

    def take_snapshot(self) -> None:
        """Save what is seen as a picture."""
        self._do(lambda: self.session.snapshot(snapshot_folder()), lambda path: f"saved {path}")

    def next_microphone(self) -> None:
        """Listen to the next microphone."""
        self._do(self.session.next_microphone, self._listening)

    def use_input(self, name: str) -> None:
        """Listen to a microphone, a file or "demo"."""
        self._do(lambda: self.session.use_input(name), self._listening)

    def more_sensitive(self) -> None:
        """Hear more."""
        self._nudge(SENSITIVITY_STEP_DB)

    def less_sensitive(self) -> None:
        """Hear less."""
        self._nudge(-SENSITIVITY_STEP_DB)

    def open_menu(self) -> None:
        """Offer what to listen to, in the middle of the window."""
        self._open_menu(self.mapToGlobal(self.rect().center()))

    def leave(self) -> None:
        """Close the keys or the settings if they are shown, else leave full screen, else close."""
        if self.overlay.keys_wanted:
            self.overlay.keys_wanted = False
        elif self.settings_panel is not None and self.settings_panel.isVisible():
            self.toggle_settings()
        elif self.full_screen.on:
            self.full_screen.leave()
        else:
            self.close()

    def note(self, text: str) -> None:
        """Say something in one line for a few seconds."""
        self.overlay.note(text, time.monotonic())

    def _open_menu(self, at: QPoint) -> None:
        self.menu.open(at)
        self._find_microphones()

    def _find_microphones(self) -> None:
        self._work.do(
            self.session.microphones, self.menu.heard_of, lambda error: self.note(str(error))
        )

    def _choose(self, what: str, step: int) -> None:
        name = next_choice(what, self.session.view().status, step)
        self.session.choose(**{what: name})
        self.note(said(what, name))

    def _nudge(self, db: float) -> None:
        self.session.nudge_sensitivity(db)
        self.note(f"sensitivity {self.session.view().status.sensitivity_db:+.0f} dB")

    def _listening(self, _: Any) -> str:
        return f"listening to {self.session.view().status.input_name}"

    def _do(self, work: Callable[[], Any], say: Callable[[Any], str]) -> None:
        """Do work beside the drawing, and say what came of it."""
        self._work.do(
            work,
            lambda result: self.note(say(result)),
            lambda error: self.note(str(error).splitlines()[0] if str(error) else repr(error)),
        )


def _first_size(window: QWidget) -> QSize:
    """Return 1280 by 720, or as much of it as the screen has room for."""
    size, screen = QSize(1280, 720), window.screen()
    room = size if screen is None else 0.9 * screen.availableSize()
    if size.width() > room.width() or size.height() > room.height():
        size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
    return size
