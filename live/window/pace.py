"""How often to draw: at the display's rate, when there is something new to see."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import TYPE_CHECKING

from live.compose.light import NEUTRAL_LIGHT

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from live.compose.light import Light
    from live.window.reading.overlay import Overlay
    from live.window.scene.widget import SceneView

FASTEST_HZ = 60.0
"""A display that is faster still gets this: the fades are calm, and the models need the time."""
MOST_OF_A_FRAME = 0.8
"""Share of the time between two frames that drawing may take before every other one is left out."""
DARK_MS = 200
"""A window that is black still does what keys and other hands ask for."""
FLASH, GAIN = 0.1, 0.014
"""Light that has risen by so much since the last frame (a tenth of all the level there is) is a
sound that begins: that frame is never left out."""


class FramePacer:
    """Decides, each time the window looks at the show, whether to draw a frame."""

    def __init__(self, window: QWidget) -> None:
        """Follow the screen that the window is on."""
        self._window = window
        self._last: tuple[object, ...] = ()
        self._light = NEUTRAL_LIGHT
        self._left_out = False

    def interval_ms(self, dark: float = 0.0) -> int:
        """Return the milliseconds from one look to the next: the display's frame.

        dark: how far the picture has faded to black; a black one is looked at now and then.
        """
        if dark >= 1.0:
            return DARK_MS
        screen = self._window.screen()
        rate = screen.refreshRate() if screen is not None else FASTEST_HZ
        return max(1, int(1000.0 / min(max(rate, 24.0), FASTEST_HZ)))

    def is_due(self, draw_ms: Iterable[float], light: Light) -> bool:
        """Whether this look may draw: each, or every other one while drawing takes too long.

        draw_ms: what the last frames took. A sound that begins is drawn at once all the same.
        """
        recent = list(draw_ms)[-60:]
        most = MOST_OF_A_FRAME * self.interval_ms()
        slow = len(recent) >= 30 and statistics.median(recent) > most
        self._left_out = slow and not self._left_out and not self._onset_begins(light)
        return not self._left_out

    def _onset_begins(self, light: Light) -> bool:
        was = self._light
        return light.flash > was.flash + FLASH or light.gain > was.gain + GAIN

    def has_changed(self, scene: SceneView, light: Light, overlay: Overlay, now_s: float) -> bool:
        """Whether a frame drawn now would look different from the last one that was drawn."""
        size = self._window.size()
        self._light = light
        now: tuple[object, ...] = (overlay.signature(), (size.width(), size.height()))
        if overlay.dark < 1.0:
            now = (
                *now,
                scene.view_name,
                scene.fade_state(now_s),
                round(light.gain, 3),
                round(light.saturation, 3),
                round(light.warmth, 2),
                round(light.flash, 2),
                round(light.zoom, 4),
            )
        if now == self._last:
            return False
        self._last = now
        return True
