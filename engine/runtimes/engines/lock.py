"""One builder at a time for one engine, over all processes of this user.

The lock is the system's on an open file: a process that dies, however it dies, holds none. The
package filelock locks the same way; it takes longer to import and calls nobody when it waits.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

_LOOK_S = 0.2


@contextlib.contextmanager
def engine_lock(path: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of an engine's file while inside; on_wait is called once if another has it.

    Raises OSError where no lock file can be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a+b") as file:
        notified = False
        while not _try_lock(file):
            if not notified:
                on_wait()
                notified = True
            time.sleep(_LOOK_S)
        yield


def is_locked(path: Path) -> bool:
    """Whether some process builds this engine now."""
    try:
        with path.with_suffix(".lock").open("r+b") as file:
            return not _try_lock(file)
    except OSError:
        return False


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
