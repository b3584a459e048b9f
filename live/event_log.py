"""Joins hearings with the pictures that came of them, and writes one event line for each."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping

from engine.packets import Hearing
from engine.trace import span
from live.errors import UserError
from live.events import EventFile, event_line

KEPT = 25
"""So many hearings wait for a picture; older ones are written without."""


class EventLog:
    """Writes lines in the order of the hearings; any thread may call any method."""

    def __init__(self, file: EventFile, on_failure: Callable[[str], None]) -> None:
        """on_failure is told once, in one line, when the file can be written no further."""
        self._file: EventFile | None = file
        self._on_failure = on_failure
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Hearing, int]] = deque()

    def heard(self, hearing: Hearing, dropped: int) -> None:
        """Take note of a hearing, and of how many were passed over before it."""
        with self._lock:
            self._waiting.append((hearing, dropped))
            while len(self._waiting) > KEPT:
                self._write(None, {})

    def painted(self, hearing: Hearing, delay_ms: float, timings_ms: Mapping[str, float]) -> None:
        """Take note of the first picture that shows a hearing, delay_ms after its sound."""
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
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, delay_ms: float | None, timings_ms: Mapping[str, float]) -> None:
        hearing, dropped = self._waiting.popleft()
        if self._file is None:
            return
        line = event_line(hearing, delay_ms, dropped, {**hearing.timings_ms, **timings_ms})
        try:
            with span("write event"):
                self._file.write(line)
        except UserError as error:
            self._file.close()
            self._file = None
            self._on_failure(f"no more events are written: {error}")
