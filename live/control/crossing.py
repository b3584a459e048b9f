"""Crossing over to a preset: numbers glide to where it wants them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from live.control.declared import Control, Kind, Value
from live.control.lane import PERIOD_S
from live.settings.spec import Change


def glides(control: Control) -> bool:
    """Whether a control crosses over number by number.

    Words of the pictures cross over in the pictures themselves; what costs the show a new plan or
    new models is changed once, at the beginning.
    """
    return control.kind is Kind.NUMBER and control.change is Change.AT_ONCE


class Crossing:
    """Moves numbers in a straight line, twenty times a second, from where they are now."""

    def __init__(
        self,
        begin: Mapping[str, float],
        goal: Mapping[str, float],
        seconds: float,
        origin: str,
        put: Callable[[Mapping[str, Value], str], None],
    ) -> None:
        """Begin at once.

        origin: who crosses over. put: is called with the values of each moment, the goal at the
        end, and the origin.
        """
        self.origin = origin
        self._begin, self._goal = dict(begin), dict(goal)
        self._seconds, self._put = seconds, put
        self._ended = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._run, name="crossing", daemon=True).start()

    def leave(self, name: str) -> None:
        """Let a control alone from now on: a hand has taken it."""
        with self._lock:
            self._goal.pop(name, None)

    def stop(self) -> None:
        """Go no further."""
        self._ended.set()

    def _run(self) -> None:
        began_s = time.monotonic()
        part = 0.0
        while part < 1.0 and not self._ended.wait(PERIOD_S):
            passed_s = time.monotonic() - began_s
            part = min(passed_s / self._seconds, 1.0) if self._seconds > 0 else 1.0
            with self._lock:
                self._put(between(self._begin, self._goal, part), self.origin)


def between(
    begin: Mapping[str, float], goal: Mapping[str, float], part: float
) -> dict[str, Value]:
    """Return each number of the goal at a part, in [0, 1], of the way to it."""
    return {name: begin[name] + (end - begin[name]) * part for name, end in goal.items()}
