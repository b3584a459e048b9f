"""The panels, put into shared memory while a sender reads them there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.trace import span
from live.film.shared_frames import SharedFrames
from live.sinks.panels import PanelPictures

NEXT_S = 0.5
"""So often it is looked whether anybody still reads."""


class Feed:
    """Copies pictures into memory in a thread of its own, while there are readers.

    `join` and `leave` may be called from any thread.
    """

    def __init__(self, begin: Callable[[], PanelPictures]) -> None:
        """begin: is called for the first reader, and again after all have left."""
        self._begin = begin
        self._lock = threading.Lock()
        self._readers = 0
        self._frames: SharedFrames | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self) -> SharedFrames:
        """Read on from now; the memory is the feed's, and stays until the reader leaves."""
        with self._lock:
            if self._frames is None:
                pictures = self._begin()
                self._frames = SharedFrames.create(*pictures.size)
                self._over = threading.Event()
                self._thread = threading.Thread(
                    target=_copy, args=(pictures, self._frames, self._over),
                    name="panels out", daemon=True,
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


def _copy(pictures: PanelPictures, frames: SharedFrames, over: threading.Event) -> None:
    try:
        while not over.is_set():
            picture = pictures.next(NEXT_S)
            if picture is not None:
                with span("share picture"):
                    frames.put(picture, time.monotonic())
    finally:
        pictures.leave()
