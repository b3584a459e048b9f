"""What people can have the window and its show do, by key, menu or panel."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QWidget

from live.settings.changes import OPENS_MODELS
from live.window.controls.choices import (
    describe_changes,
    describe_choice,
    next_choice,
    next_motion,
)
from live.window.controls.menu import InputMenu
from live.window.controls.settings import SettingsPanel
from live.window.desktop import recording_path, snapshot_folder
from live.window.full_screen import FullScreen
from live.window.reading.overlay import Overlay
from live.window.work import BackgroundWork

if TYPE_CHECKING:
    from live.show.session import Session
    from live.view.picture import Status

SENSITIVITY_STEP_DB = 3.0


class Commands:
    """Each public method does one thing that a person asked for, and notes the outcome in a line.

    What may take long (devices, files, models) runs in a thread beside the drawing.
    """

    def __init__(self, window: QWidget, session: Session, overlay: Overlay) -> None:
        """Belong to a window that shows a session under an overlay."""
        self._window = window
        self._session = session
        self._overlay = overlay
        self.full_screen = FullScreen(window)
        self.menu = InputMenu(window, lambda: self._status.input_name, self.use_input, self.do)
        self.settings_panel: SettingsPanel | None = None
        self._work = BackgroundWork()
        self._recording_to: Path | None = None
        self._find_microphones()

    @property
    def _status(self) -> Status:
        return self._session.view().status

    def do(self, command: str) -> None:
        """Do what a key stands for, by the name that `live.window.controls.keys` has for it."""
        getattr(self, command)()

    def poll(self) -> None:
        """Handle finished background work; called every frame."""
        self._work.poll()

    def close(self) -> None:
        """Ignore work that has not finished."""
        self._work.close()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        self.full_screen.toggle()

    def next_screen(self) -> None:
        """Move to the next screen, full or not as it is now."""
        if not self.full_screen.next_screen():
            self.note("there is only one screen")

    def toggle_panels(self) -> None:
        """Show or hide the strip."""
        if not self._overlay.slots:
            self.note("panels are off: start with --panels 4")
        self._overlay.panels_wanted = not self._overlay.panels_wanted

    def toggle_hud(self) -> None:
        """Show or hide the head-up display."""
        self._overlay.hud_wanted = not self._overlay.hud_wanted

    def toggle_settings(self) -> None:
        """Open or close the settings panel."""
        if self.settings_panel is None:
            self.settings_panel = SettingsPanel(self._window, self._session, self.change_settings)
        elif self.settings_panel.isVisible():
            self.settings_panel.hide()
            self._window.setFocus()
            return
        self.settings_panel.refresh(self._status)
        self.settings_panel.show()
        self.settings_panel.raise_()

    def change_settings(self, given: dict[str, Any]) -> None:
        """Let the show go on with other settings, by attribute; beside the drawing."""
        if any(each in given for each in OPENS_MODELS):
            self.note("opening the models again; the show goes on")

        def changed(_: Any) -> None:
            if "panels" in given:
                self._overlay.slots = given["panels"]
                self._overlay.panels_wanted = given["panels"] > 0
            self._finish_change(describe_changes(given))

        self._work.do(
            lambda: self._session.change(**given),
            changed,
            lambda error: self._finish_change(str(error) or repr(error)),
        )

    def _finish_change(self, line: str) -> None:
        self.note(line)
        if self.settings_panel is not None:
            self.settings_panel.finished()

    def toggle_keys(self) -> None:
        """Show or hide what all keys do."""
        self._overlay.keys_wanted = not self._overlay.keys_wanted

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

    def more_motion(self) -> None:
        """Let the pictures move more with the sounds; after the most, not at all."""
        self._step_motion(1)

    def less_motion(self) -> None:
        """Let them move less."""
        self._step_motion(-1)

    def toggle_freeze(self) -> None:
        """Hold the pictures, or let them go on."""
        self._session.freeze(not self._status.frozen)

    def toggle_recording(self) -> None:
        """Start a recording, or finish the one that is running."""
        if self._status.recording:
            saved = self._recording_to
            where = f"recorded {saved}" if saved else "the recording is finished"
            self._do(self._session.stop_recording, lambda _: where)
            return
        self._recording_to = recording_path()
        path = self._recording_to
        self._do(lambda: self._session.start_recording(path), lambda _: f"recording to {path}")

    def take_snapshot(self) -> None:
        """Save what is seen as a picture."""
        self._do(lambda: self._session.snapshot(snapshot_folder()), lambda path: f"saved {path}")

    def next_microphone(self) -> None:
        """Listen to the next microphone."""
        self._do(self._session.next_microphone, self._listening)

    def use_input(self, name: str) -> None:
        """Listen to a microphone, a file or "demo"."""
        self._do(lambda: self._session.use_input(name), self._listening)

    def more_sensitive(self) -> None:
        """Hear more."""
        self._nudge(SENSITIVITY_STEP_DB)

    def less_sensitive(self) -> None:
        """Hear less."""
        self._nudge(-SENSITIVITY_STEP_DB)

    def open_menu(self) -> None:
        """Offer what to listen to, in the middle of the window."""
        self.open_menu_at(self._window.mapToGlobal(self._window.rect().center()))

    def dismiss(self) -> None:
        """Close the keys or the settings if they are shown, else leave full screen, else close."""
        if self._overlay.keys_wanted:
            self._overlay.keys_wanted = False
        elif self.settings_panel is not None and self.settings_panel.isVisible():
            self.toggle_settings()
        elif self.full_screen.on:
            self.full_screen.exit()
        else:
            self._window.close()

    def note(self, text: str) -> None:
        """Say something in one line for a few seconds."""
        self._overlay.note(text, time.monotonic())

    def open_menu_at(self, at: QPoint) -> None:
        """Offer what to listen to, at a place on the screen."""
        self.menu.open(at)
        self._find_microphones()

    def _find_microphones(self) -> None:
        self._work.do(
            self._session.microphones,
            self.menu.set_microphones,
            lambda error: self.note(str(error)),
        )

    def _choose(self, what: str, step: int) -> None:
        name = next_choice(what, self._status, step)
        self._session.choose(**{what: name})
        self.note(describe_choice(what, name))

    def _step_motion(self, step: int) -> None:
        given = {"motion": next_motion(self._session.settings.motion, step)}
        self._do(lambda: self._session.change(**given), lambda _: describe_changes(given))

    def _nudge(self, db: float) -> None:
        self._session.nudge_sensitivity(db)
        self.note(f"sensitivity {self._status.sensitivity_db:+.0f} dB")

    def _listening(self, _: Any) -> str:
        return f"listening to {self._status.input_name}"

    def _do(self, work: Callable[[], Any], say: Callable[[Any], str]) -> None:
        """Do work beside the drawing, and say what came of it."""
        self._work.do(
            work,
            lambda result: self.note(say(result)),
            lambda error: self.note(str(error).splitlines()[0] if str(error) else repr(error)),
        )
