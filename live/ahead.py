"""An iterator whose next items are made while the present one is used."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")
ITEMS = 3


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items, up to ITEMS of which a thread of its own makes in advance.

    What the making raises is raised here in its place. The thread ends with the items, or when
    this iterator is closed or forgotten.
    """
    made: queue.Queue[tuple[bool, object]] = queue.Queue(maxsize=ITEMS)
    stopped = threading.Event()

    def put(goes_on: bool, what: object) -> bool:
        while not stopped.is_set():
            try:
                made.put((goes_on, what), timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def make() -> None:
        try:
            for item in items:
                if not put(True, item):
                    return
            put(False, None)
        except Exception as error:
            put(False, error)

    threading.Thread(target=make, name="ahead", daemon=True).start()
    try:
        while True:
            goes_on, what = made.get()
            if not goes_on:
                if isinstance(what, Exception):
                    raise what
                return
            yield what  # type: ignore[misc]
    finally:
        stopped.set()
