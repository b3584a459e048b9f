"""What is shown, put into shared memory while a sender reads it there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from engine.system.priority import stand_behind
from engine.trace import span
from live.film.stage import Frame
from live.sinks.shared_frames import SharedFrames

NEXT_S = 0.5
"""So often it is looked whether anybody still reads."""


class Pictures(Protocol):
    """Where pictures come from: a seat before the stage, say."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of every picture."""
        ...

    def next(self, timeout_s: float) -> Frame | None:
        """Wait for the next one; None when there is none in time."""
        ...

    def leave(self) -> None:
        """Want no more."""
        ...


class Feed:
    """Copies pictures into memory in a thread of its own, while there are readers.

    `join` and `leave` may be called from any thread.
    """

    def __init__(self, take_seat: Callable[[], Pictures]) -> None:
        """take_seat: is called for the first reader, and again after all have left."""
        self._take_seat = take_seat
        self._lock = threading.Lock()
        self._readers = 0
        self._frames: SharedFrames | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self) -> SharedFrames:
        """Read on from now; the memory is the feed's, and stays until the reader leaves."""
        with self._lock:
            if self._frames is None:
                pictures = self._take_seat()
                self._frames = SharedFrames.create(*pictures.size)
                self._over = threading.Event()
                self._thread = threading.Thread(
                    target=_copy, args=(pictures, self._frames, self._over),
                    name="frames out", daemon=True,
                )  # fmt: skip
                self._thread.start()
            self._readers += 1
            return self._frames

    def leave(self) -> None:
        """Read no more: once for each `join`."""
        with self._lock:
            self._readers -= 1
            if self._readers or self._frames is None or self._thread is None:
                return
            self._over.set()
            self._thread.join()
            self._frames.close()
            self._frames = self._thread = None


def _copy(pictures: Pictures, frames: SharedFrames, over: threading.Event) -> None:
    stand_behind()
    try:
        while not over.is_set():
            frame = pictures.next(NEXT_S)
            if frame is None:
                over.wait(0.01)  # a stage that has closed does not let anybody wait
                continue
            with span("share picture"):
                frames.put(frame.picture, frame.at_s)
    finally:
        pictures.leave()
