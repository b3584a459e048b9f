"""Joins hearings with the pictures that came of them, and writes one event line for each."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping

from engine.packets import Hearing
from live.output.events import event_line
from live.output.line_file import LineFile
from live.output.line_writer import LineWriter

KEPT = 25
"""So many hearings wait for a picture; older ones are written without."""


class EventLog:
    """Writes lines in the order of the hearings; any thread may call any method.

    Only `close` waits for the file, and not for long.
    """

    def __init__(self, file: LineFile, say: Callable[[str], None]) -> None:
        """say is told in one line when the file cannot be written, and again when it can."""
        self._writer = LineWriter(file, "events", say)
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Hearing, int]] = deque()

    @property
    def missing(self) -> int:
        """How many lines were given up."""
        return self._writer.dropped

    def add_hearing(self, hearing: Hearing, dropped: int) -> None:
        """Add a hearing, and how many hearings were dropped so far."""
        with self._lock:
            self._waiting.append((hearing, dropped))
            while len(self._waiting) > KEPT:
                self._write(None, {})

    def add_picture(
        self, hearing: Hearing, delay_ms: float, timings_ms: Mapping[str, float]
    ) -> None:
        """Add the first picture of a hearing, shown delay_ms after its sound."""
        with self._lock:
            if all(waiting is not hearing for waiting, _ in self._waiting):
                return
            while self._waiting[0][0] is not hearing:
                self._write(None, {})
            self._write(delay_ms, timings_ms)

    def close(self) -> None:
        """Write what still waits, and no more."""
        with self._lock:
            while self._waiting:
                self._write(None, {})
        self._writer.close()

    def _write(self, delay_ms: float | None, timings_ms: Mapping[str, float]) -> None:
        hearing, dropped = self._waiting.popleft()
        self._writer.put(
            event_line(hearing, delay_ms, dropped, {**hearing.timings_ms, **timings_ms})
        )
