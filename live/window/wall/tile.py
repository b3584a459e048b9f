"""A window on one more screen of a wall. What is pressed on it is the main window's."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, QSize, Qt
from PyQt6.QtGui import QMouseEvent, QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from live.window.cursor import IdleCursor
from live.window.full_screen import FullScreen
from live.window.scene.widget import SceneView


class TileWindow(QWidget):
    """Shows what its screen shows of the picture."""

    def __init__(
        self,
        hand: QObject,
        view: SceneView,
        key: str,
        paint_over: Callable[[str, QPainter, QSize], None],
    ) -> None:
        """Show the same pictures as another view.

        hand: an event filter that gets what is pressed. key: of the screen; paint_over is told it.
        """
        super().__init__()
        self.setWindowTitle("Soundglass")
        self.setMouseTracking(True)
        self.key = key
        self.full_screen = FullScreen(self)
        self._cursor = IdleCursor(self)
        self._moved = True
        self._paint_over = lambda painter, size: paint_over(key, painter, size)
        self.installEventFilter(hand)
        self.use(view)

    def use(self, view: SceneView) -> None:
        """Show the same pictures as another view, from now on."""
        old = getattr(self, "view", None)
        self.view = view.another(self._paint_over, self)
        widget = self.view.widget()
        widget.setMouseTracking(True)
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        widget.setGeometry(self.rect())
        widget.show()
        if old is not None:
            old.widget().hide()
            old.widget().deleteLater()

    def cursor_at(self, now_s: float) -> None:
        """Hide the pointer where it rests; called every frame."""
        if self._moved:
            self._moved = False
            self._cursor.note_movement(now_s)
        self._cursor.update(now_s, True)

    def dismiss(self) -> None:
        """Close for good."""
        self.hide()
        self.deleteLater()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802
        """Let the scene fill the window."""
        self.view.widget().setGeometry(self.rect())

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Bring the pointer back."""
        self._moved = True
