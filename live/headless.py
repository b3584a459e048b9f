"""The show without a window: runs it, says how it goes, stops on Ctrl-C."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING

from live.sound_faults import told

if TYPE_CHECKING:
    from live.session import Session
    from live.settings import Settings

LOOK_S = 0.05
GRACE_S = 1.0
"""After the end of a file the last hearing has so long to become a picture."""


def run_headless(session: Session, settings: Settings) -> int:
    """Let a started session run for its duration, to the end of its file, or until Ctrl-C.

    Like the window, it neither starts nor stops the session: whoever started it stops it.
    What goes wrong on the way is said on standard error; returns the exit code.
    """
    stopped = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        stopped.set()

    signals = (signal.SIGINT, signal.SIGTERM)
    here = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, interrupted) for number in signals} if here else {}
    try:
        _run(session, settings, stopped)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    _say(summary(session))
    return told(session.view().status.input_fault)


def _run(session: Session, settings: Settings, stopped: threading.Event) -> None:
    began_s = time.monotonic()
    said: str | None = None
    built = ""
    finished_s = math.inf
    while not stopped.wait(LOOK_S):
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
        view = session.view()
        if view.message != said:
            said = view.message
            # What cannot be read is said once and whole, at the end.
            if said is not None and said != session.view().status.input_fault:
                _say(said)
        doing = view.status.building.partition(" (")[0]
        if doing != built:
            built = doing
            if doing:
                _say(doing)


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
    return (
        f"{status.sound_s:.1f} s heard, {session.pictures_painted} pictures, {delay}, "
        f"{status.dropped} hearings dropped, {status.lost_samples} samples lost{given_up}"
    )


def _say(line: str) -> None:
    print(f"soundglass: {line}", file=sys.stderr, flush=True)
