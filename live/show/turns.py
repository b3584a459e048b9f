"""Whose turn it is to use the processor's cores: hearing and painting, never both at once.

Each model call uses all cores. Two at a time would take longer than one after the other, and
both would be late. Hearing goes first, but never twice in a row while painting waits: a machine
that is too slow for hearing alone must still paint.
"""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.trace import span

SWITCH_S = 0.0005
"""A thread waits so long for the interpreter before the one that holds it must let go. Python's
default is ten times as long: drawing a frame needs the interpreter many times, and a clap was seen
50 ms later."""


def shorten_switch_interval() -> None:
    """Have the interpreter switch between this program's threads every `SWITCH_S`."""
    sys.setswitchinterval(SWITCH_S)


class Turns:
    """Hands out the cores to two threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._hearing_waits = self._painting_waits = False
        self._hearing_had_it = False
        self.hearing_due_s = math.inf
        """time.monotonic() at which hearing will want its next turn; painting may plan by it."""

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Wait for what is under way, then have the cores."""
        with self._changed:
            self._hearing_waits = True
            self._wait(lambda: not (self._painting_waits and self._hearing_had_it))
            self._hearing_waits, self._hearing_had_it = False, True
        try:
            yield
        finally:
            self._done()

    @contextmanager
    def painting(self) -> Iterator[None]:
        """Wait until the cores are free and it is not hearing's turn, then have them."""
        with self._changed:
            self._painting_waits = True
            self._wait(lambda: not self._hearing_waits or self._hearing_had_it)
            self._painting_waits = self._hearing_had_it = False
        try:
            yield
        finally:
            self._done()

    def _wait(self, may: Callable[[], bool]) -> None:
        with span("wait for the cores"):
            self._changed.wait_for(lambda: not self._busy and may())
        self._busy = True

    def _done(self) -> None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
