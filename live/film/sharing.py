"""What many readers take from one memory, made while anybody takes it."""

from __future__ import annotations

import threading

from live.film.forms import RATE, Form
from live.film.packets import SharedPackets
from live.film.shared_frames import SharedFrames
from live.film.stage import Seat, Stage


class _Shared:
    """A seat before the stage for as long as there are readers; any thread may call any method."""

    def __init__(self, stage: Stage, form: Form) -> None:
        self._stage, self._form = stage, form
        self._lock = threading.Lock()
        self._readers = 0
        self._seat: Seat | None = None

    def _join(self) -> None:
        with self._lock:
            if self._seat is None:
                self._seat = self._stage.want(RATE, self._form)
            self._readers += 1

    def leave(self) -> None:
        """Read no more: once for each `join`."""
        with self._lock:
            self._readers -= 1
            if not self._readers and self._seat is not None:
                self._seat.leave()
                self._seat = None


class SharedEncoding(_Shared):
    """H.264 of the show."""

    def __init__(self, stage: Stage) -> None:
        """Nothing is encoded yet."""
        super().__init__(stage, Form.ENCODED)

    def join(self) -> SharedPackets:
        """Have pictures encoded from now on, a key picture soon, until `leave`."""
        self._join()
        self._stage.ask_for_key()
        return self._stage.packets


class SharedPictures(_Shared):
    """The show, pixel by pixel."""

    def __init__(self, stage: Stage) -> None:
        """Nothing is composed yet."""
        super().__init__(stage, Form.FRAMES)

    def join(self) -> SharedFrames:
        """Have pictures composed from now on, until `leave`."""
        self._join()
        return self._stage.frames
