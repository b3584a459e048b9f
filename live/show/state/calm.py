"""When there is nothing to hear, there is little to paint: the picture comes to rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.packets import Hearing, Weather

AFTER_S = 5.0
"""Silence of so long is no pause any more: panels have faded, what moved has come to rest."""
PERIOD_S = 3.0
"""From one picture to the next meanwhile; between them the window fades for less than a second."""
LOOK_S = 0.05
"""A show that is roused meanwhile paints so soon."""
FALLS = 0.01
"""Rain or snow of so much is seen to fall, and needs every picture."""


class Calm:
    """Tells whether a show is calm: nothing sounds, moves or is asked for. Any thread may rouse."""

    def __init__(self) -> None:
        """Begin in a place of which nothing is known."""
        self._silent_from_s = math.inf
        self._roused_until_s = -math.inf
        self._falls = False

    def hear(self, hearing: Hearing, now_s: float) -> None:
        """Take note of a hearing; now_s: monotonic seconds, as everywhere here."""
        silent = not hearing.sources
        self._silent_from_s = min(self._silent_from_s, now_s) if silent else math.inf

    def paint(self, weather: Weather) -> None:
        """Take note of the weather in a picture."""
        self._falls = max(weather.rain, weather.snow, weather.shimmer) > FALLS

    def rouse(self, until_s: float) -> None:
        """Let it not be calm until then: something was asked for, and crosses over."""
        self._roused_until_s = max(self._roused_until_s, until_s)

    def at(self, now_s: float, panels: int) -> bool:
        """Whether it is calm now. panels: how many stand."""
        silent = now_s - self._silent_from_s >= AFTER_S
        return silent and not panels and not self._falls and now_s >= self._roused_until_s
