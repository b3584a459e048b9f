"""Seeing which controls have changed, whoever changed them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from live.control.declared import Control, Value
from live.control.desk import REST_S, Desk


@dataclass(frozen=True, slots=True)
class Changed:
    """A control that has another value than when it was looked at before."""

    control: Control
    value: Value
    origin: str
    """Who has set it; "show" for the show itself."""


class Watch:
    """Tells each change once, and all values when it looks for the first time.

    What an OSC hand moves is told when it has rested: told at once, it would come back to a fader
    that has been moved on meanwhile, and move it.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[str, Value] = {}
        self._held: dict[str, tuple[Value, float]] = {}

    def look(self) -> list[Changed]:
        """Return what has changed since the last look."""
        now_s, changes = time.monotonic(), []
        for control, value in self._desk.values():
            name = control.name
            if control.is_done or self._seen.get(name) == value:
                self._held.pop(name, None)
                continue
            origin = self._desk.origins.get(name, "show")
            if origin.startswith("osc ") and not self._rested(name, value, now_s):
                continue
            self._seen[name] = value
            changes.append(Changed(control, value, origin))
        return changes

    def _rested(self, name: str, value: Value, now_s: float) -> bool:
        held = self._held.get(name)
        if held is None or held[0] != value:
            self._held[name] = (value, now_s)
            return False
        return now_s - held[1] >= REST_S
