"""What a show says of itself every second, as lines on standard output: written and read here."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

from live.machine.memory import resident_mb
from live.show.state.figures import open_handles

if TYPE_CHECKING:
    from live.show.session import Session

EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """How a show stands at a moment."""

    at_s: float
    """time.monotonic(), which all processes share."""
    heard: int
    """Number of the newest window."""
    painted: int
    fault: str | None
    lost: int
    """Samples, since the start."""
    p95_ms: float | None
    """Sound to picture over the last minute; None while there is no picture."""
    memory_mb: float
    """Resident, of the show and all that it has started."""
    handles: int


@contextmanager
def reporting(session: Session) -> Iterator[None]:
    """Report on standard output for as long as the context lasts."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(EVERY_S):
            print(json.dumps(asdict(_report(session))), flush=True)

    thread = threading.Thread(target=run, name="reports", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        sys.stdout.flush()


def _report(session: Session) -> Report:
    status = session.view().status
    hearing, p95_ms = session.hearing, status.sound_to_picture_p95_ms
    return Report(
        time.monotonic(),
        -1 if hearing is None else hearing.stamp.window_id,
        session.pictures_painted,
        session.fault(),
        status.lost_samples,
        None if p95_ms != p95_ms else p95_ms,
        resident_mb(os.getpid()),
        open_handles(),
    )


class Reader:
    """Reads the reports of a show as they come."""

    def __init__(self, stream: IO[str]) -> None:
        """Begin to read, to the end of the stream."""
        self.reports: list[Report] = []
        self._thread = threading.Thread(target=self._run, args=(stream,), daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the end of the stream."""
        self._thread.join()

    @property
    def newest(self) -> Report | None:
        """The newest report; None before the first."""
        return self.reports[-1] if self.reports else None

    def _run(self, stream: IO[str]) -> None:
        for line in stream:
            if line.startswith("{"):
                self.reports.append(Report(**json.loads(line)))
