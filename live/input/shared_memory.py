"""Memory that a process shares with those that it starts.

It has no name: it is handed on as an open file descriptor. So nothing can be left behind in
/dev/shm, whoever is killed first, and no resource tracker has to clean up.
"""

from __future__ import annotations

import mmap
import os
import tempfile


class SharedMemory:
    """Such memory, mapped, and the descriptor that others map it by."""

    def __init__(self, fd: int, size: int) -> None:
        """Map so many bytes behind `fd`, which stays the caller's."""
        self.fd = fd
        self._memory = mmap.mmap(fd, size)

    def close(self) -> None:
        """Let go of the descriptor; the memory goes when its last user does."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def unnamed_memory(size: int, what: str) -> int:
    """Return a descriptor of so many bytes of zeros; what: one word that says what they hold."""
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create(f"soundglass-{what}")
    else:
        fd, path = tempfile.mkstemp(prefix=f"soundglass-{what}")
        os.unlink(path)
    os.truncate(fd, size)
    return fd
