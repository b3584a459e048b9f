"""What people can have the window and its show do, by key, menu or panel."""

from __future__ import annotations

import time
from typing import Any

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QWidget

from live.control.declared import Control, Kind, Value
from live.control.desk import Desk
from live.control.values import step_from
from live.errors import UserError
from live.settings.changes import OPENS_MODELS
from live.window.controls.choices import describe_changes, describe_value
from live.window.controls.keys import DISMISS
from live.window.controls.menu import InputMenu
from live.window.controls.settings import SettingsPanel
from live.window.reading.overlay import Overlay
from live.window.wall.windows import WallWindows
from live.window.work import BackgroundWork


class Commands:
    """Plays the desk's controls for keys, menu and panel, and is the window that hands may ask for.

    What may take long (devices, files, models) runs in a thread beside the drawing.
    """

    def __init__(
        self, window: QWidget, desk: Desk, overlay: Overlay, wall: WallWindows
    ) -> None:
        """Belong to a window that shows the desk's session under an overlay, on a wall."""
        self._window = window
        self._desk = desk
        self._session = desk.session
        self._overlay = overlay
        self._wall = wall
        self.full_screen, self.grid = wall.full_screen, wall.fitting
        self.full = False
        self.menu = InputMenu(window, self._input_name, self.use_input, self.do)
        self.settings_panel: SettingsPanel | None = None
        self._work = BackgroundWork()
        self._find_microphones()
        desk.window = self

    def poll(self) -> None:
        """Handle finished background work, and what other hands ask for; called every frame."""
        self._work.poll()
        self._fit_strip()
        self.full = self.full_screen.on
        self._desk.serve_window()

    def _fit_strip(self) -> None:
        """Let the strip have as many places as there may be panels, whoever changed that."""
        panels = self._session.settings.panels
        if panels != self._overlay.slots:
            self._overlay.slots, self._overlay.panels_wanted = panels, panels > 0

    def close(self) -> None:
        """Ignore work that has not finished; there is no window for hands any more."""
        self._desk.window = None
        self._work.close()

    # -- keys, menu and panel -------------------------------------------------------------------

    def do(self, name: str, up: bool = True) -> None:
        """Do what a key stands for: a control by its name, up or on to its next value, or back."""
        if name == DISMISS:
            self.dismiss()
            return
        control = self._desk.find(name)
        try:
            value = self._wanted(control, up)
        except UserError as error:
            self.note(str(error))
            return
        self.set(control, value, "keys")

    def _wanted(self, control: Control, up: bool) -> Value:
        if control.kind is Kind.SWITCH:
            return not control.read(self._desk)
        return step_from(control, control.read(self._desk), up)

    def set(self, control: Control, value: Value, origin: str) -> None:
        """Set a control; what takes no time at once, all else beside the drawing."""

        def apply() -> str:
            line = self._desk.apply({control.name: value}, origin)
            return line or ("" if control.is_done else describe_value(control, value))

        if control.slow:
            self._work.do(apply, self._note_if_any, self._note_error)
            return
        try:
            self._note_if_any(apply())
        except UserError as error:
            self.note(str(error))

    def _note_if_any(self, line: str) -> None:
        if line:
            self.note(line)

    def _note_error(self, error: Any) -> None:
        self.note(str(error).splitlines()[0] if str(error) else repr(error))

    def change_settings(self, given: dict[str, Any]) -> None:
        """Let the show go on with other settings, by attribute; beside the drawing."""
        if any(each in given for each in OPENS_MODELS):
            self.note("opening the models again; the show goes on")
        names = {c.attribute: name for name, c in self._desk.controls.items() if c.attribute}
        values = {names[attribute]: value for attribute, value in given.items()}
        self._work.do(
            lambda: self._desk.apply(values, "panel"),
            lambda _: self._finish_change(describe_changes(given)),
            lambda error: self._finish_change(str(error) or repr(error)),
        )

    def _finish_change(self, line: str) -> None:
        self.note(line)
        if self.settings_panel is not None:
            self.settings_panel.finished()

    def use_input(self, name: str) -> None:
        """Listen to a microphone, a file or "demo"."""
        self._work.do(
            lambda: self._session.use_input(name),
            lambda _: self.note(f"listening to {self._input_name()}"),
            self._note_error,
        )

    def dismiss(self) -> None:
        """Close the keys or the settings if they are shown, else leave full screen, else close."""
        if self.keys_shown:
            self.show_keys(False)
        elif self.settings_shown:
            self.show_settings(False)
        elif self.full_screen.on:
            self._wall.fill(False)
        else:
            self._window.close()

    def note(self, text: str) -> None:
        """Say something in one line for a few seconds."""
        self._overlay.note(text, time.monotonic())

    # -- what hands may ask of a window; see live.control.declared.Window -----------------------

    def fill_screen(self, on: bool) -> None:
        """Fill the screen, or be a window again."""
        self._wall.fill(on)
        self.full = self.full_screen.on

    def next_screen(self) -> str:
        """Move to the next screen, full or not as it is now."""
        return self._wall.next_screen()

    @property
    def strip_shown(self) -> bool:
        """Whether the panels are shown."""
        return self._overlay.panels_wanted

    def show_strip(self, on: bool) -> str:
        """Show or hide the panels."""
        self._overlay.panels_wanted = on
        return "" if self._overlay.slots else "panels are off: start with --panels 4"

    @property
    def hud_shown(self) -> bool:
        """Whether the head-up display is shown."""
        return self._overlay.hud_wanted

    def show_hud(self, on: bool) -> None:
        """Show or hide the head-up display."""
        self._overlay.hud_wanted = on

    @property
    def keys_shown(self) -> bool:
        """Whether all keys are shown."""
        return self._overlay.keys_wanted

    def show_keys(self, on: bool) -> None:
        """Show or hide what all keys do."""
        self._overlay.keys_wanted = on

    @property
    def link_shown(self) -> str:
        """Whose link to the web page is shown; "none" for nobody's."""
        shown = self._overlay.link
        return next((who for who, link in self._desk.links.items() if link is shown), "none")

    def show_link(self, whose: str) -> str:
        """Show the link of a viewer or an operator, or none."""
        self._overlay.link = self._desk.links.get(whose)
        if whose == "none" or self._overlay.link is not None:
            return ""
        return "there is no web page: start with --web 0.0.0.0:8080"

    @property
    def settings_shown(self) -> bool:
        """Whether the settings panel is open."""
        return self.settings_panel is not None and self.settings_panel.shown

    def show_settings(self, on: bool) -> None:
        """Open or close the settings panel."""
        if not on:
            if self.settings_panel is not None:
                self.settings_panel.hide()
            self._window.setFocus()
            return
        if self.settings_panel is None:
            self.settings_panel = SettingsPanel(
                self._window, self._desk, self.change_settings, self.set
            )
        self.settings_panel.refresh(self._session.view().status)
        self.settings_panel.show()
        self.settings_panel.raise_()

    def open_menu(self) -> None:
        """Offer what to listen to, in the middle of the window."""
        self.open_menu_at(self._window.mapToGlobal(self._window.rect().center()))

    def open_menu_at(self, at: QPoint) -> None:
        """Offer what to listen to, at a place on the screen."""
        self.menu.open(at)
        self._find_microphones()

    def _find_microphones(self) -> None:
        self._work.do(self._session.microphones, self.menu.set_microphones, self._note_error)

    def _input_name(self) -> str:
        return self._session.view().status.input_name
