"""Writes the separated sound of every track beside the show, which never waits for it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from engine.packets import Hearing
from engine.trace import span
from live.output.backoff import Backoff
from live.paths.write_whole import make_folder, unwritable
from live.stems.files import TrackFiles
from live.stems.pieces import Cutter, Piece, Separated

KEPT = 200
"""So many pieces wait at most for a disk that is slow; then the oldest are left out."""
STOP_S = 5.0
"""The ends of the files have so long to be written."""


class StemWriter:
    """A file for each track, in a thread of its own, until it is stopped.

    A disk that is full is one message; the files that are there play, and new ones are begun as
    soon as there is room.
    """

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        """Make the folder.

        say: is told in one line when the sound cannot be written, and again when it can.

        Raises:
            UserError: the folder cannot be made.
        """
        self.folder = make_folder(folder)
        self._say = say
        self._cutter = Cutter()
        self._files = TrackFiles(folder)
        self._pieces: deque[Piece] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._gap_from_s: float | None = None
        """Since when nothing can be written; None while all is well."""
        self._thread = threading.Thread(target=self._run, name="stems", daemon=True)
        self._thread.start()

    def hear(self, hearing: Hearing, hearer: Separated) -> None:
        """Take what has been separated; called on the hearing thread after every hearing."""
        piece = self._cutter.cut(hearing, hearer)
        if piece is None:
            return
        with self._changed:
            self._pieces.append(piece)
            if len(self._pieces) > KEPT:
                self._pieces.popleft()  # where one is missing stands silence
            self._changed.notify_all()

    def stop(self) -> None:
        """Write what waits, and finish the files."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(STOP_S)
        if self._thread.is_alive():
            self._say(f"the separated sound's end is missing: {self.folder} does not answer")

    def _run(self) -> None:
        backoff = Backoff()
        while (piece := self._next()) is not None:
            try:
                with span("write stems"):
                    self._add(piece)
            except OSError as error:
                self._fail(error)
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, backoff.next_delay_s())
        try:
            self._files.close()
        except OSError as error:
            self._say(f"the separated sound's end is missing: {unwritable(self.folder, error)}")

    def _next(self) -> Piece | None:
        """Return the next piece; None when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._pieces or self._stopping)
            return self._pieces.popleft() if self._pieces else None

    def _add(self, piece: Piece) -> None:
        missing = self._files.add(piece)
        if missing and self._gap_from_s is None:
            self._say(
                f"{missing / piece.sample_rate_hz:.1f} s of separated sound are missing in "
                f"{self.folder}: its disk is too slow"
            )
        if self._gap_from_s is not None and piece.sounds:
            gap_s, self._gap_from_s = time.monotonic() - self._gap_from_s, None
            again = f"separated sound is written to {self.folder} again"
            self._say(f"{again}; {gap_s:.1f} s are missing")

    def _fail(self, error: OSError) -> None:
        self._files.give_up()
        if self._gap_from_s is None:
            self._gap_from_s = time.monotonic()
            self._say(
                f"no separated sound for now, it is tried again: {unwritable(self.folder, error)}"
            )
