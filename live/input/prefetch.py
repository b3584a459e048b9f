"""An iterator that makes its next items in a thread while the current one is used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
PREFETCHED = 3


class Prefetcher(Generic[T]):
    """Gives items in order; a thread makes up to PREFETCHED of them in advance."""

    def __init__(self, items: Iterator[T]) -> None:
        """Begin at once. An exception in making an item is raised where the item is asked for."""
        self._items = items
        self._made: queue.Queue[tuple[T | None, Exception | None]] = queue.Queue(maxsize=PREFETCHED)
        self._closed = threading.Event()
        threading.Thread(target=self._make, name="ahead", daemon=True).start()

    def __iter__(self) -> Iterator[T]:
        """Return itself."""
        return self

    def __next__(self) -> T:
        """Return the next item, waiting for it if need be."""
        while not self._closed.is_set():
            item = self.take(0.1)
            if item is not None:
                return item
        raise StopIteration

    def take(self, timeout_s: float) -> T | None:
        """Return the next item, None if there is none within so many seconds."""
        try:
            item, error = self._made.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if error is not None:
            self.close()
            raise error
        return item

    def close(self) -> None:
        """Stop the thread; no more items come."""
        self._closed.set()

    def _make(self) -> None:
        error: Exception = StopIteration()
        try:
            for item in self._items:
                if not self._put(item, None):
                    return
        except Exception as fault:
            error = fault
        self._put(None, error)

    def _put(self, item: T | None, error: Exception | None) -> bool:
        while not self._closed.is_set():
            try:
                self._made.put((item, error), timeout=0.1)
                return True
            except queue.Full:
                continue
        return False
