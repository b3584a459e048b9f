"""Work that must not hold up the drawing: saving, opening devices, listing them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

Callback = Callable[[Any], None]


class BackgroundWork:
    """Runs work beside the window; `poll` hands over the results on the window's thread.

    The threads are daemons: a device that does not answer must not keep the program from ending.
    """

    def __init__(self) -> None:
        """Start no thread until there is work."""
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._closed = False

    def do(self, work: Callable[[], Any], then: Callback, failed: Callback) -> None:
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
        """Call back for finished work."""
        while not self._closed:
            try:
                tell = self._done.get_nowait()
            except queue.Empty:
                return
            tell()

    def close(self) -> None:
        """Call nobody back any more; does not wait."""
        self._closed = True
