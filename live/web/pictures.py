"""The live picture as JPEG: encoded once for all who look, and only while somebody does."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from engine.packets import U8
from engine.trace import span

if TYPE_CHECKING:
    from live.film.stage import Stage

QUALITY = 80
"""Of the JPEG: 1280x720 are about 55 kB."""
PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture on its way to those who look."""

    number: int
    """Counts the pictures of the stage."""
    body: bytes
    at_s: float
    """time.monotonic() of the moment that it shows: when it began to be composed."""


def jpeg(picture: U8) -> bytes:
    """Return (h, w, 3) pixels as a JPEG."""
    made = io.BytesIO()
    Image.fromarray(picture).save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


class Pictures:
    """Takes a seat before the stage while anybody looks, and hands on what is composed."""

    def __init__(self, stage: Stage, show: Callable[[Jpeg], None]) -> None:
        """show: gets each picture, on a thread of this."""
        self.awaited = False
        """Whether somebody is ready for one; encoding for nobody is left out."""
        self._stage, self._show = stage, show
        self._rate = 0.0
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

    def _run(self) -> None:
        while (rate := self._wait()) is not None:
            with self._stage.want(rate) as seat:
                while self._rate == rate and not self._stopped:
                    asked_s = time.monotonic()
                    frame = seat.next(PATIENCE_S)
                    if frame is None:
                        # At once, where the stage has closed: that must not be a race.
                        self._rest(asked_s + PATIENCE_S - time.monotonic())
                    elif self.awaited:
                        with span("encode for the web"):
                            body = jpeg(frame.picture)
                        self._show(Jpeg(frame.number, body, frame.at_s))

    def _wait(self) -> float | None:
        """Return the rate that is wanted, once there is one; None once stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._rate > 0)
            return None if self._stopped else self._rate

    def _rest(self, seconds: float) -> None:
        with self._changed:
            if seconds > 0 and not self._stopped:
                self._changed.wait(seconds)
