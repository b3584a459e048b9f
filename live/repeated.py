"""Something that is done again and again beside the show."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Repeated:
    """Does it on a thread of its own, at once and after every period, from `start` to `stop`."""

    def __init__(self, name: str, period_s: float, do: Callable[[], None]) -> None:
        """name: of the thread."""
        self._period_s, self._do = period_s, do
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; at most once."""
        self._thread.start()

    def stop(self) -> None:
        """Do it no more, and wait until it is not being done; also where it never began."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._do()
            if self._ended.wait(self._period_s):
                return
