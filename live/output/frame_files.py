"""Writes every finished picture to a folder as PNG, beside the show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from engine.mailbox import Mailbox
from engine.trace import span
from live.compose.frame import compose, frame_size
from live.errors import UserError
from live.output.backoff import Backoff
from live.paths.write_whole import make_folder, whole_file
from live.view.picture import View


class FrameFiles:
    """`frame-000001.png` and on; of the pictures that come during a write the newest is next."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        """Make the folder.

        say is told in one line when they cannot be written, and again when they can. Raises
        UserError when the folder cannot be made.
        """
        self.folder = make_folder(folder)
        self.written = 0
        self._say = say
        self._failed = 0
        self._backoff = Backoff()
        self._stopped = threading.Event()
        self._views: Mailbox[View] = Mailbox()
        self._thread = threading.Thread(target=self._run, name="frames", daemon=True)
        self._thread.start()

    @property
    def missing(self) -> int:
        """How many pictures came to no file: those during a write, and those that failed."""
        return self._views.dropped + self._failed

    def add(self, view: View) -> None:
        """Write a view soon."""
        self._views.put(view)

    def stop(self) -> None:
        """Finish the picture that is being written."""
        self._stopped.set()
        self._views.close()
        self._thread.join(2.0)
        if self._thread.is_alive():
            self._say(f"the last frame is missing: the disk of {self.folder} does not answer")

    def _run(self) -> None:
        failing, before = False, 0
        while (view := self._views.take()) is not None:
            # A file stands alone: it shows the picture itself, not the fade that leads to it.
            with span("compose"):
                image = Image.fromarray(compose(view, *frame_size(view.aspect)))
            try:
                path = self.folder / f"frame-{self.written + 1:06d}.png"
                with span("write frame"), whole_file(path) as temporary:
                    image.save(temporary, format="PNG", compress_level=1)
            except UserError as error:
                self._failed += 1
                if not failing:
                    before, failing = self.missing - 1, True
                    self._say(f"no frames for now, they are tried again: {error}")
                self._stopped.wait(self._backoff.next_delay_s())
                continue
            self.written += 1
            if failing:
                failing = False
                missing = self.missing - before
                self._say(f"frames are written to {self.folder} again; {missing} are missing")
