"""Records the show while it runs: what is seen, and the sound of the ring, in time with it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine.sound.ring import SampleRing
from engine.trace import span
from live.errors import UserError
from live.film.encoder import Encoded
from live.film.packets import PacketReader
from live.film.sharing import SharedEncoding
from live.keep.names import dated, free_name
from live.output.backoff import Backoff
from live.output.clip import Clip
from live.output.movie import Movie
from live.output.movie_cut import cut_to_whole_fragments

STOP_S = 5.0
"""The end of the file has so long to be written."""
LOOK_S = 0.05
"""So often what has come is written."""
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
        encoding: SharedEncoding,
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
        self._ring, self._encoding, self._say = ring, encoding, say
        self._gap_from_s: float | None = None
        self._begins: int | None = ring.written
        """With this sample the file begins; None where its first picture says with which."""
        self._stop = threading.Event()
        self._joining = threading.Lock()
        self._movie, self._reader = self._open(path)
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the file, and record no more."""
        self._stop.set()
        self._thread.join(STOP_S)
        self._leave()
        self.running = False
        if self._thread.is_alive():
            self._say(f"the recording's end is missing: the disk of {self.path} does not answer")

    def _open(self, path: Path) -> tuple[Movie, PacketReader]:
        reader = PacketReader(self._encoding.join())
        self._joined = True
        try:
            return Movie(path), reader
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        with self._joining:  # whoever stops a recording whose disk does not answer leaves for it
            joined, self._joined = self._joined, False
        if joined:
            self._encoding.leave()

    def _run(self) -> None:
        backoff = Backoff()
        try:
            while True:
                try:
                    self._record()
                    self._movie.close()
                    return
                except UserError as error:
                    self._close_failed(error)
                if not self._begin_again(backoff):
                    return
        except Exception as error:
            self._say(f"the recording has ended: {self.path}: {error}")
        finally:
            self._leave()
            self.running = False
            if self._gap_from_s is not None:
                self.missing_s += time.monotonic() - self._gap_from_s

    def _close_failed(self, error: UserError) -> None:
        self.running, self._begins = False, None
        self._leave()  # nothing is composed for a disk that is full
        movie = self._movie
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

    def _begin_again(self, backoff: Backoff) -> bool:
        """Go on in another file as soon as there can be one; false once stopped."""
        while not self._stop.wait(backoff.next_delay_s()):
            try:
                self._movie, self._reader = self._open(free_name(self.path))
            except UserError:
                continue
            return True
        return False

    def _record(self) -> None:
        """Write all that comes, clip after clip, until stopped."""
        first_s, left_out = time.monotonic(), self.left_out
        clip: Clip | None = None
        while True:
            ends = self._stop.wait(LOOK_S)
            while (picture := self._reader.next()) is not None:
                with span("record"):
                    clip = self._add(picture, clip)
                self.left_out = left_out + self._reader.left_out
            if ends:
                if clip is not None:
                    clip.hear_until(time.monotonic())
                else:  # it was stopped before there was anything to be seen
                    self._movie.path.unlink(missing_ok=True)
                return
            if self._gap_from_s is not None and self._movie.seconds > SURE_S:
                self._report_recovery(first_s - self._gap_from_s)

    def _add(self, picture: Encoded, clip: Clip | None) -> Clip | None:
        """Add a picture to the clip, or begin another one with it; return the clip."""
        if clip is None:
            if not picture.key or not self._ring.written:  # with both it begins
                return None
            begins, self._begins = self._begins, None
            return Clip(self._movie, self._ring, picture, begins)
        missing_s = clip.missing_s
        if picture.key and self._is_full():
            clip.hear_until(picture.at_s)
            self._movie.close()
            self._movie = Movie(dated(self.path))
            clip = Clip(self._movie, self._ring, picture, clip.heard)
        else:
            clip.add(picture)
            self.missing_s += clip.missing_s - missing_s
        return clip

    def _is_full(self) -> bool:
        if self._clip_bytes is None:
            return False
        try:
            return self._movie.path.stat().st_size >= self._clip_bytes
        except OSError:  # somebody has removed it: what follows is worth a file
            return True

    def _report_recovery(self, gap_s: float) -> None:
        self.running, self._gap_from_s = True, None
        self.missing_s += gap_s
        self._say(f"recording again, to {self._movie.path}; {gap_s:.1f} s are missing")
