"""Looks at the clock, and tells when the opening hours begin and end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from live.clock.hours import Hours

LOOK_S = 1.0
"""How often the clock is looked at: it may have been set meanwhile."""


class OpeningClock:
    """Tells whether it is open: at once, and whenever that changes."""

    def __init__(
        self,
        hours: Hours,
        tell: Callable[[bool, datetime | None], None],
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        """tell: gets whether it is open, and until when by the local clock (None for ever), on the
        clock's thread. now: the local time.
        """
        self._hours, self._tell, self._now = hours, tell, now
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hours", daemon=True)

    def start(self) -> None:
        """Begin to look at the clock."""
        self._thread.start()

    def stop(self) -> None:
        """Tell nothing more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        was: bool | None = None
        while True:
            now = self._now()
            is_open = self._hours.open_at(now)
            if is_open != was:
                was = is_open
                self._tell(is_open, self._hours.next_change(now))
            if self._ended.wait(LOOK_S):
                return
