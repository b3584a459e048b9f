"""The menu: what to listen to, and what the keys do, for a hand on the mouse."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QFileDialog, QMenu, QWidget

from live.window.controls.keys import DISMISS, KEYS

SOUND_FILES = (
    "Sounds (*.wav *.flac *.ogg *.opus *.mp3 *.m4a *.aac *.aiff);;"
    "Films (*.mp4 *.webm *.mkv *.mov);;All files (*)"
)
LONGEST = 0.5
"""Of a name, over the width of the screen."""
STYLE = """
QMenu { background: rgb(20, 24, 34); color: rgb(235, 238, 244); border: 1px solid rgb(52, 58, 72);
        padding: 6px; }
QMenu::item { padding: 6px 28px 6px 22px; border-radius: 5px; }
QMenu::item:selected { background: rgb(52, 62, 86); }
QMenu::item:disabled { color: rgb(128, 136, 152); }
QMenu::separator { height: 1px; background: rgb(52, 58, 72); margin: 6px 10px; }
"""


class InputMenu:
    """Filled anew each time it opens, since microphones come and go."""

    def __init__(
        self,
        window: QWidget,
        current_input: Callable[[], str],
        use_input: Callable[[str], None],
        do: Callable[[str], None],
    ) -> None:
        """Belong to a window.

        current_input: gives the name of what is listened to now. do: plays the control of a name,
        or DISMISS.
        """
        self._window = window
        self._current_input = current_input
        self._use_input = use_input
        self._do = do
        self._menu: QMenu | None = None
        self.microphones: tuple[str, ...] = ()

    @property
    def menu(self) -> QMenu | None:
        """The menu that was opened last."""
        return self._menu

    def open(self, at: QPoint) -> None:
        """Show the menu at a place on the screen; does not wait for a choice."""
        self._menu = QMenu(self._window)
        self._menu.setStyleSheet(STYLE)
        self.fill(self._menu)
        self._menu.popup(at)

    def set_microphones(self, microphones: tuple[str, ...]) -> None:
        """Take over the names of the microphones that there are now, also while it is open."""
        if microphones == self.microphones:
            return
        self.microphones = microphones
        if self._menu is not None and self._menu.isVisible():
            self._menu.clear()
            self.fill(self._menu)

    def fill(self, menu: QMenu) -> None:
        """Put into an empty menu what there is to choose now."""
        current_input = self._current_input()
        group = QActionGroup(menu)
        for name in self.microphones:
            self._input(menu, group, name, name, name == current_input)
        if not self.microphones:
            none = QAction("no microphone found", menu)
            none.setEnabled(False)
            menu.addAction(none)
        menu.addSeparator()
        self._input(menu, group, "Built-in soundscape", "demo", current_input == "demo")
        opener = QAction("Sound file \u2026", menu)
        opener.triggered.connect(self._choose_file)
        menu.addAction(opener)
        menu.addSeparator()
        for key in KEYS:
            if key.repeats or key.control in ("menu", DISMISS):
                continue
            action = QAction(f"{key.meaning[:1].upper()}{key.meaning[1:]}\t{key.written}", menu)
            action.triggered.connect(lambda _, name=key.control: self._do(name))
            menu.addAction(action)
        menu.addSeparator()
        leave = QAction("Close\tCtrl+Q", menu)
        leave.triggered.connect(self._window.close)
        menu.addAction(leave)

    def _input(self, menu: QMenu, group: QActionGroup, text: str, name: str, on: bool) -> None:
        action = QAction(_fitting(text, menu), menu)
        action.setToolTip(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.setData(name)
        action.triggered.connect(lambda: self._use_input(name))
        group.addAction(action)
        menu.addAction(action)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Listen to a sound file", "", SOUND_FILES
        )
        if path:
            self._use_input(path)


def _fitting(name: str, menu: QMenu) -> str:
    """Return a name as a menu shows it whole: a very long one without its middle.

    An ampersand would underline the letter after it and vanish.
    """
    screen = menu.screen()
    room = LONGEST * screen.availableSize().width() if screen is not None else 600.0
    middle = Qt.TextElideMode.ElideMiddle
    return menu.fontMetrics().elidedText(name, middle, round(room)).replace("&", "&&")
