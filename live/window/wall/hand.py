"""Keys and pointer on the windows of a wall: for the test grid, else for the main window."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPointF, Qt
from PyQt6.QtGui import QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QApplication, QWidget

from live.compose.wall.mapping import Point, at, turned
from live.window.wall.fitting import Fitting
from live.window.wall.tile import TileWindow

FAST = 10
"""Pixels that an arrow moves a handle with Shift."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_FOR_MAIN = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.ContextMenu)


class Hand(QObject):
    """Watches the windows that it is installed on as an event filter."""

    def __init__(self, main: QWidget, fitting: Fitting) -> None:
        """main: gets what is pressed on the other windows."""
        super().__init__(main)
        self._main, self._fitting = main, fitting
        self.main_key = ""
        """Key of the screen that the main window fills."""
        self.turn = 0
        """Degrees, clockwise, that the picture is turned by."""
        self._drags = False

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802
        """Take what is for the test grid, and hand on what is for the main window."""
        if a0 is None or a1 is None:
            return False
        if self._fitting.shown:
            if isinstance(a1, QKeyEvent) and a1.type() == QEvent.Type.KeyPress and self._press(a1):
                return True
            on_picture = a0 is self._main or isinstance(a0, TileWindow)
            if on_picture and isinstance(a1, QMouseEvent) and isinstance(a0, QWidget):
                self._point(a0, a1)
                return a1.type() != QEvent.Type.MouseMove  # the pointer comes back by it
        if a0 is self._main:
            return False
        if a1.type() == QEvent.Type.Close and isinstance(a0, TileWindow):
            self._main.close()
            return False
        if a1.type() in _FOR_MAIN:
            QApplication.sendEvent(self._main, a1)
            return True
        return False

    def _press(self, event: QKeyEvent) -> bool:
        """Do what a key does on the test grid; False for one that does nothing there."""
        fitting, key = self._fitting, Qt.Key(event.key())
        if key in _ARROWS:
            fast = FAST if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            right, down = _ARROWS[key]
            fitting.nudge(fast * right, fast * down)
            if not event.isAutoRepeat():
                fitting.let_go()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            fitting.step(1 if key == Qt.Key.Key_Tab else -1)
        elif key == Qt.Key.Key_N:
            fitting.next_screen()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            fitting.reset()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_W):
            fitting.show(False)
        else:
            return False
        return True

    def _point(self, window: QWidget, event: QMouseEvent) -> None:
        place = self._share(window, event.position())
        if event.type() == QEvent.Type.MouseButtonPress:
            self._drags = event.button() == Qt.MouseButton.LeftButton
            if self._drags:
                self._fitting.grab(self._key_of(window), place)
        elif event.type() == QEvent.Type.MouseMove and self._drags:
            self._fitting.drag(place)
        elif event.type() == QEvent.Type.MouseButtonRelease and self._drags:
            self._drags = False
            self._fitting.let_go()

    def _key_of(self, window: QWidget) -> str:
        return window.key if isinstance(window, TileWindow) else self.main_key

    def _share(self, window: QWidget, place: QPointF) -> Point:
        """A place of a window, as who looks at it upright has it, in shares."""
        shares = place.x() / max(window.width(), 1), place.y() / max(window.height(), 1)
        return at(turned(-self.turn), shares)
