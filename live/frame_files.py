"""Writes every finished picture to a folder as PNG, beside the show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from engine.mailbox import Mailbox
from engine.trace import span
from live.compose import compose, frame_size
from live.errors import UserError
from live.view import View
from live.write_whole import make_folder, whole_file


class FrameFiles:
    """`frame-000001.png` and on; of the pictures that come during a write the newest is next."""

    def __init__(self, folder: Path, on_failure: Callable[[str], None]) -> None:
        """Make the folder.

        on_failure is told once, in one line, when no more can be written. Raises UserError when
        the folder cannot be made.
        """
        self.folder = make_folder(folder)
        self.written = 0
        self._on_failure = on_failure
        self._views: Mailbox[View] = Mailbox()
        self._thread = threading.Thread(target=self._run, name="frames", daemon=True)
        self._thread.start()

    def show(self, view: View) -> None:
        """Write a view soon."""
        self._views.put(view)

    def stop(self) -> None:
        """Finish the picture that is being written."""
        self._views.close()
        self._thread.join(2.0)

    def _run(self) -> None:
        while (view := self._views.take()) is not None:
            # A file stands alone: it shows the picture itself, not the fade that leads to it.
            with span("compose"):
                image = Image.fromarray(compose(view, *frame_size(view.aspect)))
            try:
                path = self.folder / f"frame-{self.written + 1:06d}.png"
                with span("write frame"), whole_file(path) as temporary:
                    image.save(temporary, format="PNG", compress_level=1)
            except UserError as error:
                self._on_failure(f"no more frames are written: {error}")
                self._views.close()
                return
            self.written += 1
