"""One newest-wins slot per control, emptied twenty times a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from live.control.declared import Value

PERIOD_S = 0.05
"""Slots are emptied no more often than this; a value that comes after a while is not held up."""

Slots = dict[str, tuple[Value, str]]
"""By name of a control: what it is to be, and who asked for it."""


class Lane:
    """Hands over the newest value of each control; whatever came between is forgotten.

    Has a thread from the first value on.
    """

    def __init__(self, name: str, take: Callable[[Slots], None]) -> None:
        """take: gets what is due, on the lane's thread. It must not raise."""
        self._name, self._take = name, take
        self._slots: dict[str, tuple[Value, str, float]] = {}
        """With the moment, by time.monotonic(), at which it is due."""
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def put(self, values: Mapping[str, Value], origin: str, rest_s: float = 0.0) -> None:
        """Ask for values, all of them to be handed over together once they rested so long."""
        due_s = time.monotonic() + rest_s
        with self._changed:
            if self._stopped:
                return
            self._slots.update({name: (value, origin, due_s) for name, value in values.items()})
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self, name: str) -> None:
        """Take back what was asked of a control, if it is not under way."""
        with self._changed:
            self._slots.pop(name, None)

    def stop(self) -> None:
        """Hand over nothing more, and wait for what is under way."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        not_before_s = 0.0
        while True:
            due = self._wait(not_before_s)
            if due is None:
                return
            not_before_s = time.monotonic() + PERIOD_S
            self._take(due)

    def _wait(self, not_before_s: float) -> Slots | None:
        """Return what is due as soon as anything is; None once stopped."""
        with self._changed:
            while not self._stopped:
                now_s = time.monotonic()
                if now_s >= not_before_s:
                    due = {n: (v, o) for n, (v, o, at_s) in self._slots.items() if at_s <= now_s}
                    if due:
                        for name in due:
                            del self._slots[name]
                        return due
                first_s = min((at_s for _, _, at_s in self._slots.values()), default=None)
                wait_s = None if first_s is None else max(first_s, not_before_s) - now_s
                self._changed.wait(wait_s)
        return None
