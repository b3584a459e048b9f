"""The live picture as JPEG: encoded once for all who look, and only while somebody does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from live.film.forms import Form

if TYPE_CHECKING:
    from live.film.stage import Frame, Seat, Stage

PATIENCE_S = 0.5


class Pictures:
    """Takes a seat before the stage while anybody looks, and hands on what is composed."""

    def __init__(self, stage: Stage, show: Callable[[Frame], None]) -> None:
        """show: gets each picture, on a thread of this."""
        self._stage, self._show = stage, show
        self._rate = 0.0
        self._awaited = False
        self._seat: Seat | None = None
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="web pictures", daemon=True)

    def start(self) -> None:
        """Wait for somebody to look."""
        self._thread.start()

    def stop(self) -> None:
        """Hand on nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def want(self, rate: float) -> None:
        """Have so many pictures a second from now on; 0 while nobody looks."""
        with self._changed:
            if rate != self._rate:
                self._rate = rate
                self._changed.notify()

    def await_next(self, awaited: bool) -> None:
        """Say whether somebody is ready for one: none is made for nobody."""
        with self._changed:
            self._awaited = awaited
            if self._seat is not None:
                self._seat.ready = awaited

    def _run(self) -> None:
        while (rate := self._wait()) is not None:
            with self._stage.want(rate, Form.JPEG) as seat:
                with self._changed:
                    self._seat, seat.ready = seat, self._awaited
                while self._rate == rate and not self._stopped:
                    asked_s = time.monotonic()
                    frame = seat.next(PATIENCE_S)
                    if frame is not None:
                        self._show(frame)
                    else:  # at once, where the stage has closed: that must not be a race
                        self._rest(asked_s + PATIENCE_S - time.monotonic())
                with self._changed:
                    self._seat = None

    def _wait(self) -> float | None:
        """Return the rate that is wanted, once there is one; None once stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._rate > 0)
            return None if self._stopped else self._rate

    def _rest(self, seconds: float) -> None:
        with self._changed:
            if seconds > 0 and not self._stopped:
                self._changed.wait(seconds)
