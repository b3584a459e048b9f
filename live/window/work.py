"""Work that must not hold up the drawing: saving, opening devices, listing them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

Told = Callable[[Any], None]


class SideWork:
    """Runs work beside the window; what comes of it is told on `poll`, on the window's thread.

    The threads are daemons: a device that does not answer must not keep the program from ending.
    """

    def __init__(self) -> None:
        """Start no thread until there is work."""
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._closed = False

    def do(self, work: Callable[[], Any], then: Told, failed: Told) -> None:
        """Run `work`; a later `poll` calls `then` with its result or `failed` with its error."""

        def run() -> None:
            try:
                result = work()
            except Exception as error:
                told = error
                self._done.put(lambda: failed(told))
            else:
                self._done.put(lambda: then(result))

        threading.Thread(target=run, name="window-work", daemon=True).start()

    def poll(self) -> None:
        """Tell what has come of finished work."""
        while not self._closed:
            try:
                tell = self._done.get_nowait()
            except queue.Empty:
                return
            tell()

    def close(self) -> None:
        """Tell nothing any more; does not wait."""
        self._closed = True
