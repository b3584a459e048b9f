"""Tells the watchdog that the show goes on, and only while it does."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from live.errors import UserError
from live.kiosk.notify import notify, watchdog_s
from live.kiosk.runs import note_seen
from live.show.progress import stalled_line

if TYPE_CHECKING:
    from live.show.session import Session

LONGEST_STILL_S = 20.0
"""A stage that has not moved for so long is not waited for: the slowest picture takes seconds."""
USUAL_S = 30.0
"""How often the run is noted where no watchdog waits."""


class Heartbeat:
    """Looks at a session's progress for as long as the show runs."""

    def __init__(self, session: Session, path: Path) -> None:
        """path: of the runs. Says at once that the show is ready."""
        self._session, self._path = session, path
        patience_s = watchdog_s()
        self._period_s = USUAL_S if patience_s is None else patience_s / 4
        self._ended = threading.Event()
        notify(READY="1", WATCHDOG="1", STATUS="the show runs")
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Say that the show is being ended, and nothing more."""
        self._ended.set()
        self._thread.join()
        notify(STOPPING="1")

    def _run(self) -> None:
        while not self._ended.wait(self._period_s):
            still = stalled_line(self._session.at_rest(), LONGEST_STILL_S)
            fault = still or self._session.fault()
            if still is None:
                notify(WATCHDOG="1", STATUS=fault or "the show runs")
            else:
                notify(STATUS=still)
            with suppress(UserError):  # a full disk is no reason to end
                note_seen(self._path, still or "")
