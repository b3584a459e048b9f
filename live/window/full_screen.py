"""A window that fills a screen, also where no window manager lends a hand (a wall, a kiosk)."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QTimer
from PyQt6.QtGui import QGuiApplication, QScreen
from PyQt6.QtWidgets import QWidget

MANAGER_MS = 600
"""How long a window manager may take to do it itself."""
SEEN = 0.25
"""Share of a window that must be on screens for a person to find it."""


class FullScreen:
    """Moves one window between screens, and between full screen and its own size."""

    def __init__(self, window: QWidget) -> None:
        """Belong to a window."""
        self._window = window
        self._own: QRect | None = None
        self._target: QScreen | None = None
        self._insisted = False
        # The window's own, so that it goes with it.
        self._later = QTimer(window)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._after_the_manager)

    @property
    def on(self) -> bool:
        """Whether the window fills its screen."""
        return self._window.isFullScreen() or self._insisted

    @property
    def is_lost(self) -> bool:
        """Whether it is on no screen: its own went, or the desktop has put it nowhere."""
        frame = self._window.geometry()
        seen = 0
        for screen in QGuiApplication.screens():
            part = frame.intersected(screen.geometry())
            seen += part.width() * part.height()
        return seen < SEEN * frame.width() * frame.height()

    def enter(self, screen: QScreen | None = None) -> None:
        """Fill a screen: the one that the window is on, unless another is given."""
        target = screen or self._window.screen() or QGuiApplication.primaryScreen()
        if target is None:
            return
        there = self._window.screen() is target
        if self.on and there and self._window.geometry() == target.geometry():
            return
        if not self.on:
            self._own = self._window.geometry()
        elif not there or self.is_lost:
            # A full window that is moved stays where it was, to some window managers.
            self._insisted = False
            self._window.showNormal()
        self._target = target
        if not there or self.is_lost:
            self._stand_on(target)
        self._window.showFullScreen()
        self._later.start(MANAGER_MS)

    def exit(self) -> None:
        """Be a window of its own size again."""
        self._insisted = False
        self._window.showNormal()
        self._later.start(MANAGER_MS)

    def move_to(self, screen: QScreen) -> None:
        """Move to a screen, full or not as it is now."""
        if self.on:
            self.enter(screen)
        else:
            self._stand_on(screen)

    def _stand_on(self, screen: QScreen) -> None:
        """Be in the middle of a screen, no larger than it."""
        frame = QRect(self._own if self.on and self._own is not None else self._window.geometry())
        room = screen.availableGeometry()
        frame.setSize(frame.size().boundedTo(room.size()))
        frame.moveCenter(room.center())
        self._window.setScreen(screen)
        self._window.setGeometry(frame)

    def _after_the_manager(self) -> None:
        """Do what no window manager has done."""
        if self.on:
            self._insist()
        else:
            self._shrink()

    def _insist(self) -> None:
        target = self._target
        if target not in QGuiApplication.screens() or target is None:
            return
        if self._window.geometry() != target.geometry():
            # Qt takes a window that is given a size for no longer full.
            self._insisted = True
            self._window.setGeometry(target.geometry())

    def _shrink(self) -> None:
        screen = self._window.screen()
        own = self._own
        if own is None or screen is None:
            return
        if self._window.geometry() == screen.geometry():
            self._window.setGeometry(own)
