"""A thread with an asyncio loop of its own, so that what it serves never holds up the show."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any


class LoopThread:
    """Runs a server's coroutines from `start` to `stop`."""

    def __init__(self, name: str) -> None:
        """name: of the thread."""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name=name, daemon=True)

    def start(self, opening: Coroutine[Any, Any, None]) -> None:
        """Begin, and wait until `opening` is done; what it raises is raised here."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(opening, self.loop).result()

    def stop(self, closing: Coroutine[Any, Any, None]) -> None:
        """End after `closing`, which is not run where nothing ever began."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(closing, self.loop).result()
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
        else:
            closing.close()
        self.loop.close()
