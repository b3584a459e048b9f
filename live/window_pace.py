"""How often to draw: at the display's rate, when there is something new to see."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from live.window_light import Light
    from live.window_overlay import Overlay
    from live.window_scene import SceneView

FASTEST_HZ = 60.0
"""A display that is faster still gets this: the fades are calm, and the models need the time."""
MOST_OF_A_FRAME = 0.8
"""Share of the time between two frames that drawing may take before every other one is left out."""


class Pace:
    """Decides when the next frame is drawn and whether it would differ from the last."""

    def __init__(self, window: QWidget) -> None:
        """Follow the screen that the window is on."""
        self._window = window
        self._last: tuple[object, ...] = ()

    def interval_ms(self, draw_ms: Iterable[float]) -> int:
        """Return the milliseconds from one frame to the next, given what the last ones took."""
        screen = self._window.screen()
        rate = screen.refreshRate() if screen is not None else FASTEST_HZ
        interval = 1000.0 / min(max(rate, 24.0), FASTEST_HZ)
        recent = list(draw_ms)[-60:]
        if len(recent) >= 30 and statistics.median(recent) > MOST_OF_A_FRAME * interval:
            interval *= 2.0
        return max(1, int(interval))

    def changed(
        self, scene: SceneView, light: Light, focus_x: float, overlay: Overlay, now_s: float
    ) -> bool:
        """Whether a frame drawn now would look different from the last one that was drawn."""
        size = self._window.size()
        now = (
            scene.view_name,
            scene.fading(now_s),
            round(light.gain, 3),
            round(light.saturation, 3),
            round(light.warmth, 2),
            round(light.flash, 2),
            round(light.zoom, 4),
            round(focus_x, 4),
            overlay.signature(),
            (size.width(), size.height()),
        )
        if now == self._last:
            return False
        self._last = now
        return True
