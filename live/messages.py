"""The one line that the show has for a person at the moment, and the lines that it has had."""

from __future__ import annotations

import threading
import time

from engine.system.terminal import harmless

SHOWN_S = 8.0
"""How long something that happened once stays on the screen."""
KEPT = 1000
"""Lines that are remembered: a show may run for months."""


class Messages:
    """What happened (shown for a while) and what is the matter (shown as long as it is)."""

    def __init__(self) -> None:
        self._happened: tuple[str, float] | None = None
        self._lock = threading.Lock()
        self._told: list[str] = []
        self._count = 0
        """Lines ever told; the last of them stand in _told."""
        self.all: list[str] = []
        """What happened, oldest first; the newest of it."""

    def happened(self, line: str) -> None:
        """Say once that something went wrong or was done; any thread may."""
        line = harmless(line)
        with self._lock:
            now_s = time.monotonic()
            shown = self._happened
            if shown is None or shown[0] != line or now_s - shown[1] >= SHOWN_S:
                self._tell(line)
            self._happened = (line, now_s)
            self.all.append(line)
            del self.all[:-KEPT]

    def matters(self, line: str) -> None:
        """Say that something is the matter from now on; any thread may.

        Whoever calls keeps the line where `now` is given it from; what happened before gives way.
        """
        with self._lock:
            self._tell(harmless(line))
            self._happened = None

    def now(self, matter: str | None) -> str | None:
        """Return what to show; `matter` is what is the matter with the input, if anything."""
        happened = self._happened
        if happened is not None and time.monotonic() - happened[1] < SHOWN_S:
            return happened[0]
        return None if matter is None else harmless(matter)

    def told_since(self, count: int) -> tuple[int, list[str]]:
        """Return how many lines there have been, and those after the first `count` of them."""
        with self._lock:
            fresh = self._count - count
            return self._count, self._told[-fresh:] if fresh > 0 else []

    def _tell(self, line: str) -> None:
        self._told.append(line)
        del self._told[:-KEPT]
        self._count += 1
