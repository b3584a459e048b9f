"""The show without a window: runs it, says how it goes, stops on Ctrl-C."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.system.signals import notify_on_signal
from live.output.standard_error import lines_to_people
from live.sounds.damage_report import PART_READ

if TYPE_CHECKING:
    from live.settings.model import Settings
    from live.show.session import Session

POLL_S = 0.05
REMEMBERED = 16
"""So many reported lines are kept, to report none of them twice."""
GRACE_S = 1.0
"""After the end of a file the last hearing has so long to become a picture."""


def run_headless(session: Session, settings: Settings) -> int:
    """Let a started session run for its duration, to the end of its file, or until Ctrl-C.

    Like the window, it neither starts nor stops the session: whoever started it stops it.
    What goes wrong on the way is said on standard error; returns the exit code.
    """
    stopped = threading.Event()
    with notify_on_signal(stopped.set), lines_to_people() as say:
        reporter = _Reporter(session, say)
        _run(session, settings, stopped, reporter)
        session.close_outputs()  # what they left out is known then
        reporter.report_events()
        say(summary(session))
        damage = session.view().status.input_fault
        if damage is None:
            return 0
        say(damage)
        return PART_READ


class _Reporter:
    """Reports events, problems and builds of a show, each of them once."""

    def __init__(self, session: Session, say: Callable[[str], None]) -> None:
        self._session, self._say = session, say
        self._count = 0
        """Of the lines that the show has had."""
        self._reported: deque[str] = deque(maxlen=REMEMBERED)
        self._problem: str | None = None
        self._building = ""

    def report(self) -> None:
        self.report_events()
        view = self._session.view()
        if view.message != self._problem:
            self._problem = view.message
            said = (*self._reported, view.status.input_fault)  # damage is said whole, at the end
            if view.message is not None and view.message not in said:
                self._say(view.message)
        building = view.status.building.partition(" (")[0]
        if building != self._building:
            self._building = building
            if building:
                self._say(building)

    def report_events(self) -> None:
        self._count, lines = self._session.messages.lines_since(self._count)
        for line in lines:
            self._reported.append(line)
            self._say(line)


def _run(
    session: Session, settings: Settings, stopped: threading.Event, reporter: _Reporter
) -> None:
    began_s = time.monotonic()
    finished_s = math.inf
    while not stopped.wait(POLL_S):
        now_s = time.monotonic()
        if settings.duration_s and now_s - began_s >= settings.duration_s:
            return
        if session.finished:
            finished_s = min(finished_s, now_s)
            last = session.view()
            shows_the_last = (
                last.pictures is not None
                and last.hearing is not None
                and last.pictures.stamp == last.hearing.stamp
            )
            if shows_the_last or now_s - finished_s > GRACE_S:
                return
        reporter.report()


def summary(session: Session) -> str:
    """Return in one line how the show went."""
    status = session.view().status
    delay = "no picture"
    if not math.isnan(status.sound_to_picture_p50_ms):
        delay = (
            f"sound-to-picture {status.sound_to_picture_p50_ms:.0f} ms "
            f"(p95 {status.sound_to_picture_p95_ms:.0f} ms)"
        )
    given_up = f"; gave up: {', '.join(status.given_up)}" if status.given_up else ""
    missing = f"; not written: {status.missing}" if status.missing else ""
    return (
        f"{status.sound_s:.1f} s heard, {session.pictures_painted} pictures, {delay}, "
        f"{status.dropped} hearings dropped, {status.lost_samples} samples lost{given_up}{missing}"
    )
