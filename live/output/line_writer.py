"""Lines on their way to a file: a thread of their own and a bounded queue, so that nobody waits."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from engine.trace import span
from live.output.backoff import Backoff
from live.output.line_file import NO_READER, LineFile
from live.paths.write_whole import unwritable

KEPT = 500
"""So many lines wait at most; of more the oldest are dropped, and counted."""
CLOSE_S = 2.0
"""What waits at the end has so long to be taken."""
POLL_S = 0.1
READER_S = 0.25
"""How often somebody who reads is looked for."""


class LineWriter:
    """Writes lines in order; what fails is tried again, with growing pauses, until it is closed.

    Any thread may call any method. Only `close` waits, and no longer than CLOSE_S.
    """

    def __init__(self, file: LineFile, what: str, say: Callable[[str], None]) -> None:
        """Begin. what: the lines in the plural, such as "events".

        say is told in one line when they cannot be written, and again when they can.
        """
        self._file, self._what, self._say = file, what, say
        self._changed = threading.Condition()
        self._lines: deque[str] = deque()
        self._closing = False
        self._until_s = math.inf
        self._backoff = Backoff()
        self._failing = False
        self._dropped_before = 0
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name=what, daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many lines were given up."""
        return self._dropped

    def put(self, line: str) -> None:
        """Write a line soon; does nothing after `close`."""
        with self._changed:
            if self._closing:
                return
            self._lines.append(line)
            full = len(self._lines) > KEPT
            if full:
                self._lines.popleft()
            self._changed.notify_all()
        if full:
            self._report_failure(
                f"{self._file.path} takes no more: {self._what} are dropped until it does"
            )
            self._drop()

    def close(self) -> None:
        """Write what waits, as far as it is taken in a moment, and no more."""
        with self._changed:
            if self._closing:
                return
            self._closing, self._until_s = True, time.monotonic() + CLOSE_S
            self._changed.notify_all()
        self._thread.join(CLOSE_S + 5 * POLL_S)
        if self._thread.is_alive():  # a disk that does not answer
            with self._changed:
                self._dropped += len(self._lines) + 1
                self._lines.clear()

    def _run(self) -> None:
        while (line := self._next()) is not None:
            with span(f"write {self._what}"):
                self._deliver(line)
        self._file.close()

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._closing)
            return self._lines.popleft() if self._lines else None

    def _deliver(self, line: str) -> None:
        data, done = line.encode("utf-8", "backslashreplace") + b"\n", 0
        while time.monotonic() < self._until_s:
            try:
                done += self._file.write(data[done:], POLL_S)
            except OSError as error:
                self._file.give_up(done)
                done = 0
                self._report_failure(self._reason(error))
                if self._closing:
                    break
                pause_s = READER_S if error.errno in NO_READER else self._backoff.next_delay_s()
                with self._changed:
                    self._changed.wait_for(lambda: self._closing, pause_s)
                continue
            if done == len(data):
                self._report_recovery()
                with suppress(OSError):  # it grows on, and is put aside when that can be done
                    self._file.end_line()
                return
        self._file.give_up(done)
        self._drop()

    def _reason(self, error: OSError) -> str:
        if error.errno in NO_READER:
            return f"nobody reads {self._file.path}: {self._what} wait for a reader"
        return (
            f"no {self._what} for now, they are tried again: {unwritable(self._file.path, error)}"
        )

    def _drop(self) -> None:
        with self._changed:
            self._dropped += 1

    def _report_failure(self, why: str) -> None:
        with self._changed:
            if self._failing:
                return
            self._failing, self._dropped_before = True, self._dropped
        self._say(why)

    def _report_recovery(self) -> None:
        """Say that all is well again, once nothing waits any more."""
        with self._changed:
            if not self._failing or self._lines:
                return
            self._failing = False
            lost = self._dropped - self._dropped_before
        missing = f"; {lost} are missing" if lost else ""
        self._say(f"{self._what} are written to {self._file.path} now{missing}")
