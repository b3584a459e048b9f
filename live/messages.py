"""The line that the show has for a person now, and the lines that it has had before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.system.terminal import harmless

SHOWN_S = 8.0
"""How long an event stays on the screen."""
KEPT = 1000
"""Lines that are remembered: a show may run for months."""


class Messages:
    """Events (shown for some seconds) and problems (shown while they last)."""

    def __init__(self) -> None:
        self._event: tuple[str, float] | None = None
        self._lock = threading.RLock()  # whoever is told may have something to say
        self._lines: list[str] = []
        self._count = 0
        """Lines ever told; the last of them stand in _lines."""
        self.all: list[str] = []
        """The newest KEPT events, oldest first."""
        self._told: Callable[[str, str], None] | None = None

    def listen(self, told: Callable[[str, str], None]) -> None:
        """Have each line told once, after its kind ("event" or "problem"), on whichever thread."""
        self._told = told

    def report_event(self, line: str) -> None:
        """Report once that something failed or was done; any thread may."""
        line = harmless(line)
        with self._lock:
            now_s = time.monotonic()
            shown = self._event
            if shown is None or shown[0] != line or now_s - shown[1] >= SHOWN_S:
                self._append(line, "event")
            self._event = (line, now_s)
            self.all.append(line)
            del self.all[:-KEPT]

    def report_problem(self, line: str) -> None:
        """Report a problem that begins now; any thread may.

        The caller keeps the line and hands it to `current` for as long as the problem lasts. An
        event that is still shown gives way.
        """
        with self._lock:
            self._append(harmless(line), "problem")
            self._event = None

    def current(self, problem: str | None) -> str | None:
        """Return the line to show now; `problem` is the input's, None while it has none."""
        event = self._event
        if event is not None and time.monotonic() - event[1] < SHOWN_S:
            return event[0]
        return None if problem is None else harmless(problem)

    def lines_since(self, count: int) -> tuple[int, list[str]]:
        """Return how many lines there have been, and those after the first `count` of them."""
        with self._lock:
            fresh = self._count - count
            return self._count, self._lines[-fresh:] if fresh > 0 else []

    def _append(self, line: str, kind: str) -> None:
        self._lines.append(line)
        del self._lines[:-KEPT]
        self._count += 1
        if self._told is not None:
            self._told(kind, line)
