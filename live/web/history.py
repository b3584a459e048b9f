"""The last hours: which sounds were heard when, how late the pictures were, how much memory."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from live.machine.memory import resident_mb
from live.web.telling import number

if TYPE_CHECKING:
    from engine.packets import Stamp
    from live.show.session import Session

STEP_S = 10.0
"""One point of a plot."""
HOURS = 6
KEPT = round(HOURS * 3600 / STEP_S)


class History:
    """Remembers points of the last HOURS; looked at and added to on one thread."""

    def __init__(self, session: Session, step_s: float = STEP_S) -> None:
        self.step_s = step_s
        self._session = session
        self._points: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._heard: Counter[str] = Counter()
        self._hearings = 0
        self._newest: Stamp | None = None
        self._due_s = time.monotonic() + step_s

    def look(self) -> None:
        """Take note of what is heard now; end a point when it is time."""
        hearing = self._session.hearing
        if hearing is not None and hearing.stamp != self._newest:
            self._newest = hearing.stamp
            self._hearings += 1
            # Several sources of a name are one sound that was heard.
            self._heard.update({source.labels[0][0] for source in hearing.sources if source.labels})
        if time.monotonic() >= self._due_s:
            self._due_s = time.monotonic() + self.step_s
            self._end_point()

    def since(self, at: float) -> dict[str, Any]:
        """Return the points after a moment, in seconds since 1970, ready for JSON."""
        return {
            "step_s": self.step_s,
            "hours": HOURS,
            "points": [point for point in self._points if point["at"] > at],
        }

    def _end_point(self) -> None:
        status, count = self._session.view().status, max(1, self._hearings)
        self._points.append(
            {
                "at": round(time.time(), 1),
                "p50_ms": number(status.sound_to_picture_p50_ms),
                "p95_ms": number(status.sound_to_picture_p95_ms),
                "memory_mb": number(resident_mb(os.getpid())),
                "heard": {name: round(n / count, 2) for name, n in self._heard.most_common()},
            }
        )
        self._heard.clear()
        self._hearings = 0
