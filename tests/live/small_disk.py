"""A disk that is full until it is made roomy: a limit on the size of every file that is written."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE_S = 60.0


class SmallDisk:
    """Nothing can be written to a file beyond its first so many bytes."""

    def __init__(self) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def hold(self, count: int) -> None:
        """Let every file be so long at most."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (count, self._before[1]))

    def make_room(self) -> None:
        """Let files be as long as before."""
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


@contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """Yield a disk with room; at the end there is room again."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    disk = SmallDisk()
    try:
        yield disk
    finally:
        disk.make_room()
        signal.signal(signal.SIGXFSZ, handler)


def until(what: Callable[[], object]) -> None:
    """Wait until something is so, however slow the machine is."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)
