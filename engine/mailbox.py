"""A mailbox between two threads that holds one thing: the newest. Nothing queues."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot; a thing put in takes the place of one that nobody took, which is counted.

    Any thread may call any method. Waiting takes no processor time.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._slot: T | None = None
        self._dropped = 0
        self._closed = False

    def put(self, thing: T) -> bool:
        """Leave a thing, in place of whatever lies there.

        False when the mailbox is closed, and the thing is then not kept. `None` cannot be put in,
        because it is what `take` gives when there is nothing: raises ValueError.
        """
        if thing is None:
            raise ValueError("a mailbox cannot hold None")
        with self._changed:
            if self._closed:
                return False
            if self._slot is not None:
                self._dropped += 1
            self._slot = thing
            self._changed.notify()
            return True

    def take(self, timeout: float | None = None) -> T | None:
        """Take the thing out, waiting up to timeout seconds for one (None: until one comes).

        None when the time is over or when the mailbox is closed and empty.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._slot is not None or self._closed, timeout)
            thing, self._slot = self._slot, None
            return thing

    def peek(self, timeout: float | None = 0.0) -> T | None:
        """What lies in the slot, left where it is; waits as `take` does, by default not at all."""
        with self._changed:
            self._changed.wait_for(lambda: self._slot is not None or self._closed, timeout)
            return self._slot

    def close(self) -> None:
        """Let nothing more in and wake everybody who waits. What lies in it can be taken still."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @property
    def dropped(self) -> int:
        """How many things were replaced before anybody took them."""
        return self._dropped
