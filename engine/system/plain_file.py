"""Small files that people write, read without waiting for ever and without filling the memory."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_plain(path: Path, most: int) -> bytes:
    """Return what a plain file holds.

    Raises:
        OSError: it cannot be read, is a pipe, a device or a folder, or holds more than so many
            bytes; its strerror says which.
    """
    # A named pipe is opened without waiting for somebody to write to it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        what = "it is a folder" if stat.S_ISDIR(kind) else "it is a pipe or a device"
        raise OSError(errno.EINVAL, what, str(path))
    with open(descriptor, "rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise OSError(errno.EFBIG, f"it is longer than {most // 1024} kB", str(path))
    return raw
