"""Looks at the clock, and tells when the opening hours begin and end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from live.clock.hours import Hours
from live.repeated import Repeated

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
        self._was: bool | None = None
        self._looking = Repeated("hours", LOOK_S, self._look)

    def start(self) -> None:
        """Begin to look at the clock."""
        self._looking.start()

    def stop(self) -> None:
        """Tell nothing more."""
        self._looking.stop()

    def _look(self) -> None:
        now = self._now()
        is_open = self._hours.open_at(now)
        if is_open != self._was:
            self._was = is_open
            self._tell(is_open, self._hours.next_change(now))
