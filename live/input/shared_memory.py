"""Memory that a process shares with those that it starts.

It has no name: it is handed on as an open file descriptor. So nothing can be left behind in
/dev/shm, whoever is killed first, and no resource tracker has to clean up.
"""

from __future__ import annotations

import os
import tempfile


def unnamed_memory(size: int, what: str) -> int:
    """Return a descriptor of so many bytes of zeros; what: one word that says what they hold."""
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create(f"soundglass-{what}")
    else:
        fd, path = tempfile.mkstemp(prefix=f"soundglass-{what}")
        os.unlink(path)
    os.truncate(fd, size)
    return fd
