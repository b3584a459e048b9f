"""Work that must not hold up the drawing: saving, opening devices, listing them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

Told = Callable[[Any], None]


class SideWork:
    """Runs one thing after another beside the window; what comes of it is told on `poll`."""

    def __init__(self) -> None:
        """Start no thread until there is work."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="window-work")
        self._pending: list[tuple[Future[Any], Told, Told]] = []

    def do(self, work: Callable[[], Any], then: Told, failed: Told) -> None:
        """Run `work`; a later `poll` calls `then` with its result or `failed` with its error."""
        self._pending.append((self._pool.submit(work), then, failed))

    def poll(self) -> None:
        """Tell what has come of finished work, on the caller's thread."""
        for entry in [entry for entry in self._pending if entry[0].done()]:
            self._pending.remove(entry)
            future, then, failed = entry
            error = future.exception()
            if error is None:
                then(future.result())
            else:
                failed(error)

    def close(self) -> None:
        """Take no more work and forget what has not begun; does not wait."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pending.clear()
