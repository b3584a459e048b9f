"""Records the show while it runs: what is seen, and the sound of the ring, in time with it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.sound.ring import Overrun, SampleRing
from engine.system.priority import stand_behind
from engine.trace import span
from live.errors import UserError
from live.input.shared_ring import RING_HZ
from live.keep.names import dated, free_name
from live.output.backoff import Backoff
from live.output.movie import Movie
from live.output.movie_cut import cut_to_whole_fragments
from live.output.stage import Seat, Stage

FPS = 20
"""Composing and encoding a picture take 20 ms of a core, which the show needs too."""
STOP_S = 5.0
"""The end of the file has so long to be written."""
HELD_UP_S = 1.0
"""A write as long as this is a disk that cannot keep up; pictures are left out meanwhile."""
NEXT_S = 0.5
"""Sound goes on being written where no picture comes for so long."""
SURE_S = 2.5
"""After so much in a new file, whole fragments of it have been written."""


class Recorder:
    """A recording that goes on in a thread of its own until it is stopped.

    Where its file can be written no further, the disk being full, say, what is in it plays; a new
    one beside it, NAME-2.mp4 and on, is begun as soon as there is room.
    """

    def __init__(
        self,
        path: Path,
        ring: SampleRing,
        stage: Stage,
        say: Callable[[str], None],
        clip_bytes: int | None = None,
    ) -> None:
        """Begin to record.

        say is told in one line when the recording has to wait, and again when it goes on.
        clip_bytes: a file of so many bytes is finished and the next one begun, named after the
        moment; then no file that is there is written over. Raises UserError when the file cannot be
        made.
        """
        self._clip_bytes = clip_bytes
        if clip_bytes is not None and path.exists():
            path = dated(path)
        self.path = path
        self.running = True
        """A file is being written."""
        self.missing_s = 0.0
        """Seconds that are in no file."""
        self.left_out = 0
        """Pictures that a slow disk left no time for."""
        self._ring, self._stage, self._say = ring, stage, say
        self._gap_from_s: float | None = None
        self._heard: int | None = None
        """The sound up to here is in the clip before; None if there is none."""
        self._stop = threading.Event()
        movie = self._open(path)
        self._thread = threading.Thread(
            target=self._run, args=(movie,), name="recorder", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Finish the file, and record no more."""
        self._stop.set()
        self._thread.join(STOP_S)
        self._seat.leave()
        self.running = False
        if self._thread.is_alive():
            self._say(f"the recording's end is missing: the disk of {self.path} does not answer")

    def _open(self, path: Path) -> Movie:
        self._seat: Seat = self._stage.want(FPS)
        try:
            return Movie(path, *self._seat.size, FPS, RING_HZ)
        except BaseException:
            self._seat.leave()
            raise

    def _run(self, movie: Movie | None) -> None:
        stand_behind()
        backoff = Backoff()
        try:
            while movie is not None:
                try:
                    self._record(movie)
                    movie.close()
                    if self._stop.is_set():
                        return
                    movie = self._next_clip()
                    continue
                except UserError as error:
                    self._heard = None
                    self._close_failed(movie, error)
                movie = self._next_movie(backoff)
        except Exception as error:
            self._say(f"the recording has ended: {self.path}: {error}")
        finally:
            self._seat.leave()
            self.running = False
            if self._gap_from_s is not None:
                self.missing_s += time.monotonic() - self._gap_from_s

    def _close_failed(self, movie: Movie, error: UserError) -> None:
        self.running = False
        self._seat.leave()  # nothing is composed for a disk that is full
        with contextlib.suppress(UserError):  # the reason is known already
            movie.close()
        with contextlib.suppress(OSError):
            # A file with nothing in it would be in the way of the next.
            if not cut_to_whole_fragments(movie.path) and movie.path.is_file():
                movie.path.unlink()
        if self._stop.is_set():
            self._say(f"the recording's end is missing: {error}")
        elif self._gap_from_s is None:
            self._gap_from_s = time.monotonic()
            self._say(f"the recording waits, and goes on in a new file when it can: {error}")

    def _next_clip(self) -> Movie:
        before = self._seat  # kept until the next is taken: what is composed goes on
        try:
            return self._open(dated(self.path))
        finally:
            before.leave()

    def _is_full(self, movie: Movie) -> bool:
        if self._clip_bytes is None:
            return False
        try:
            return movie.path.stat().st_size >= self._clip_bytes
        except OSError:  # somebody has removed it: what follows is worth a file
            return True

    def _next_movie(self, backoff: Backoff) -> Movie | None:
        while not self._stop.wait(backoff.next_delay_s()):
            try:
                return self._open(free_name(self.path))
            except UserError:
                continue
        return None

    def _record(self, movie: Movie) -> None:
        # Picture and sound begin together: with the first sound, if there was none yet.
        while not (state := self._ring.state()).written:
            if self._stop.wait(1 / FPS):
                return
        at = state.written if self._heard is None else self._heard
        began_s = state.captured_at_s - (state.written - at) / RING_HZ
        first_s, picture = time.monotonic(), None
        while not self._stop.is_set():
            frame = self._seat.next(NEXT_S)
            now_s = time.monotonic()
            if frame is not None:
                picture = frame.picture
                with span("record picture"):
                    movie.add_picture(picture, max(0.0, frame.at_s - began_s))
            with span("record sound"):
                at = self._add_sound(movie, at)
            if time.monotonic() - now_s > HELD_UP_S:
                self.left_out += round(FPS * (time.monotonic() - now_s))
            if self._gap_from_s is not None and movie.seconds > SURE_S:
                self._report_recovery(movie, first_s - self._gap_from_s)
            if self._is_full(movie):
                break
        self._heard = self._add_sound(movie, at)
        if picture is not None:  # what was seen last stands until the end of the sound
            movie.add_picture(picture, max(0.0, time.monotonic() - began_s))

    def _report_recovery(self, movie: Movie, gap_s: float) -> None:
        self.running, self._gap_from_s = True, None
        self.missing_s += gap_s
        self._say(f"recording again, to {movie.path}; {gap_s:.1f} s are missing")

    def _add_sound(self, movie: Movie, at: int) -> int:
        written = self._ring.written
        try:
            movie.add_sound(self._ring.read(at, written))
        except Overrun:
            self.missing_s += (written - at) / RING_HZ
            movie.add_sound(np.zeros(written - at, np.float32))
        return written
