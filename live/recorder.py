"""Records the show while it runs: what is seen, and the sound of the ring, in time with it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.ring import Overrun, SampleRing
from engine.trace import span
from live.compose import Composer, frame_size
from live.errors import UserError
from live.movie import Movie
from live.shared_ring import RING_HZ
from live.view import View

FPS = 20
"""Composing and encoding a picture take 20 ms of a core, which the show needs too."""


class Recorder:
    """A recording that goes on in a thread of its own until it is stopped or fails."""

    def __init__(
        self,
        path: Path,
        ring: SampleRing,
        view: Callable[[], View],
        on_failure: Callable[[str], None],
    ) -> None:
        """Begin to record.

        on_failure is told once, in one line, when the recording had to end by itself; what was
        recorded until then plays. Raises UserError when the file cannot be made.
        """
        self.path = path
        self.running = True
        # A film keeps its size: that of the show's shape now, should the window be turned later.
        self._size = frame_size(view().aspect)
        self._movie = Movie(path, *self._size, FPS, RING_HZ)
        self._ring, self._view, self._on_failure = ring, view, on_failure
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the file.

        Raises:
            UserError: its end could not be written.
        """
        self._stop.set()
        self._thread.join(3.0)
        self.running = False
        self._movie.close()

    def _run(self) -> None:
        try:
            self._record()
        except UserError as error:
            self._ended(f"the recording has ended: {error}")
        except Exception as error:
            self._ended(f"the recording has ended: {self.path}: {error}")

    def _ended(self, why: str) -> None:
        self.running = False
        with contextlib.suppress(UserError):  # the reason is told already
            self._movie.close()
        self._on_failure(why)

    def _record(self) -> None:
        composer = Composer(*self._size)
        # Picture and sound begin together: with the first sound, if there was none yet.
        while not (state := self._ring.state()).written:
            if self._stop.wait(1 / FPS):
                return
        at, began_s = state.written, state.captured_at_s
        due_s = time.monotonic()
        while not self._stop.is_set():
            now_s = time.monotonic()
            with span("compose"):
                frame = composer.frame(self._view(), now_s)
            with span("record picture"):
                self._movie.add_picture(frame, max(0.0, now_s - began_s))
            with span("record sound"):
                at = self._add_sound(at)
            # A machine that cannot keep up leaves pictures out, and does not run after them.
            due_s = max(due_s + 1 / FPS, time.monotonic())
            self._stop.wait(due_s - time.monotonic())
        self._add_sound(at)

    def _add_sound(self, at: int) -> int:
        written = self._ring.written
        try:
            self._movie.add_sound(self._ring.read(at, written))
        except Overrun:
            self._movie.add_sound(np.zeros(written - at, np.float32))
        return written
