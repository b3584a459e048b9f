"""The panels in a window of their own, as large as it lets them be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QObject, QPointF, Qt
from PyQt6.QtGui import QCloseEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from live.compose.panel_layout import panel_grid
from live.window.cursor import IdleCursor
from live.window.full_screen import FullScreen
from live.window.reading.overlay import Overlay
from live.window.reading.strip import panel_image
from live.window.wall.screens import Known


class PanelWindow(QWidget):
    """Shows the panels of an overlay over black."""

    def __init__(self, hand: QObject, overlay: Overlay, closed: Callable[[], None]) -> None:
        """hand: an event filter that gets what is pressed. closed: told when a person closes it."""
        super().__init__()
        self.setWindowTitle("Soundglass: panels")
        self.setMinimumSize(160, 120)
        self.resize(720, 480)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.installEventFilter(hand)
        self.full_screen = FullScreen(self)
        self._overlay, self._closed = overlay, closed
        self._cursor = IdleCursor(self)
        self._moved = True
        self._drawn: tuple[object, ...] = ()

    def settle(self, known: Sequence[Known], filled: Sequence[Known]) -> None:
        """Fill a screen that the picture leaves free, if it fills others; else be a window."""
        taken = {each.key for each in filled}
        free = [each for each in known if each.key not in taken]
        if filled and free:
            self.full_screen.enter(free[0].screen)
            return
        if self.full_screen.on:
            self.full_screen.exit()
        if self.full_screen.is_lost:
            self.full_screen.move_to((free or known)[0].screen)
        self.show()

    def advance(self, now_s: float) -> None:
        """Draw a frame if anything has changed; called every frame."""
        if self._moved:
            self._moved = False
            self._cursor.note_movement(now_s)
        self._cursor.update(now_s, self.full_screen.on)
        now = self._overlay.signature()
        if now != self._drawn:
            self._drawn = now
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802
        """Draw the panels, each in its slot."""
        overlay, frames = self._overlay, self._overlay.frames
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        slots = max([overlay.slots, 1, *(frame.panel.slot + 1 for frame in frames)])
        grid = panel_grid(self.width(), self.height(), slots)
        ratio = self.devicePixelRatioF()
        painter.translate(overlay.shift[0] / ratio, overlay.shift[1] / ratio)
        for frame in frames:
            painter.setOpacity(frame.panel.presence * (1.0 - overlay.dark))
            image = panel_image(frame, grid.side, grid.caption, ratio)
            painter.drawImage(QPointF(*grid.places[frame.panel.slot]), image)
        painter.end()

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802
        """Bring the pointer back."""
        self._moved = True

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802
        """Let the panels go back over the scene."""
        self._closed()
        super().closeEvent(a0)

    def dismiss(self) -> None:
        """Close it without telling anybody."""
        self.hide()
        self.deleteLater()
