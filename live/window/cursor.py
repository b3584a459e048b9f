"""The pointer over the picture: hidden while it rests in full screen."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

IDLE_S = 2.0


class IdleCursor:
    """Hides a window's pointer after a rest; any movement brings it back."""

    def __init__(self, window: QWidget) -> None:
        """Start with the pointer seen."""
        self._window = window
        self._moved_at_s = 0.0
        self._full_screen = False
        self.hidden = False

    def note_movement(self, now_s: float) -> None:
        """Show the pointer, which moved at now_s (monotonic seconds)."""
        self._moved_at_s = now_s
        self._show(True)

    def update(self, now_s: float, full_screen: bool) -> None:
        """Hide the pointer once it has rested long enough in full screen; called every frame."""
        if full_screen != self._full_screen:  # it is where it was, on another picture
            self._full_screen = full_screen
            self._moved_at_s = now_s
        self._show(not full_screen or now_s - self._moved_at_s < IDLE_S)

    def _show(self, seen: bool) -> None:
        if seen == (not self.hidden):
            return
        self.hidden = not seen
        if seen:
            self._window.unsetCursor()
        else:
            self._window.setCursor(Qt.CursorShape.BlankCursor)
