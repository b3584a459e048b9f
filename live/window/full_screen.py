"""Full screen and other screens, also where no window manager lends a hand (a wall, a kiosk)."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

MANAGER_MS = 600
"""How long a window manager may take to do it itself."""


class FullScreen:
    """Moves one window between screens, and between full screen and its own size."""

    def __init__(self, window: QWidget) -> None:
        """Belong to a window."""
        self._window = window
        self._own: QRect | None = None
        self._insisted = False

    @property
    def on(self) -> bool:
        """Whether the window fills its screen."""
        return self._window.isFullScreen() or self._insisted

    def enter(self) -> None:
        """Fill the screen that the window is on."""
        if not self.on:
            self._own = self._window.geometry()
        self._window.showFullScreen()
        QTimer.singleShot(MANAGER_MS, self._insist)

    def exit(self) -> None:
        """Be a window of its own size again."""
        self._insisted = False
        self._window.showNormal()
        QTimer.singleShot(MANAGER_MS, self._shrink)

    def next_screen(self) -> bool:
        """Move to the next screen, full or not as it is now; False when there is no other."""
        screens = QApplication.screens()
        here = self._window.screen()
        if len(screens) < 2 or here is None:
            return False
        self.move_to(screens.index(here) + 1)
        return True

    def move_to(self, index: int) -> None:
        """Move to a screen, counted from 0 and around."""
        screens = QApplication.screens()
        target = screens[index % len(screens)]
        full = self.on
        if full:
            self._insisted = False
            self._window.showNormal()
        frame = self._own if full and self._own is not None else self._window.geometry()
        room = target.availableGeometry()
        frame.setSize(frame.size().boundedTo(room.size()))
        frame.moveCenter(room.center())
        self._window.setScreen(target)
        self._window.setGeometry(frame)
        if full:
            self.enter()

    def _insist(self) -> None:
        screen = self._window.screen()
        if self._window.isFullScreen() and screen is not None:
            whole = screen.geometry()
            if self._window.geometry() != whole:
                # Qt takes a window that is given a size for no longer full.
                self._insisted = True
                self._window.setGeometry(whole)

    def _shrink(self) -> None:
        screen = self._window.screen()
        own = self._own
        if own is None or screen is None or self.on:
            return
        if self._window.geometry() == screen.geometry():
            self._window.setGeometry(own)
