"""What the OpenGL view and the QPainter view of the scene have in common."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QPainter

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from engine.packets import U8
    from live.compose.light import Light
    from live.compose.wall.mapping import Placing

PaintOver = Callable[[QPainter, QSize], None]
"""Draws the strip, the head-up display and the messages over a scene of a size."""


class SceneView(Protocol):
    """A widget that draws the scene and lets the window paint over it."""

    view_name: str
    """What the head-up display says, such as "OpenGL"."""
    draw_ms: deque[float]
    """Milliseconds that each of the last frames took to draw."""

    def show_picture(self, picture: U8, now_s: float) -> bool:
        """Start to fade to a (h, w, 3) picture, at once or in one of the next calls with it.

        Returns whether a fade has started with this call.
        """
        ...

    def fade_state(self, now_s: float) -> tuple[int, float]:
        """Return the version and the mix of the cross-fade at now_s: equal values look the same."""
        ...

    def draw(self, light: Light, now_s: float) -> None:
        """Ask for a frame in this light, at this moment of the cross-fade."""
        ...

    def place(self, placing: Placing) -> None:
        """Draw from now on what a screen of a wall shows, where it belongs."""
        ...

    def another(self, paint_over: PaintOver, parent: QWidget) -> SceneView:
        """Return a view of the same pictures for another screen.

        They are shown by `show_picture` of this one, and fade alike on both.
        """
        ...

    def widget(self) -> QWidget:
        """Return the widget itself."""
        ...
