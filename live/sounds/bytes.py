"""The bytes of a sound: a file, which can seek, or a pipe, which is read once and in order."""

from __future__ import annotations

import os
import select
import stat
import sys

from live.errors import UserError
from live.paths.input_path import input_path
from live.paths.names import expand_path

STDIN = "-"
"""Stands for standard input wherever a sound file is asked for."""
POLL_S = 0.2
"""How often a reader that waits for a pipe looks whether it was stopped meanwhile."""


class FileBytes:
    """A file on a disk, from its beginning."""

    def __init__(self, fd: int) -> None:
        """Take over an open descriptor."""
        self._file = os.fdopen(fd, "rb", buffering=0)
        self.error: OSError | None = None
        """Why the system could not read on, if it could not."""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end or where the system cannot read on."""
        try:
            return self._file.read(size) or b""
        except OSError as error:
            self.error = error
            return b""

    def seek(self, at: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in bytes; return it, counted from the beginning, -1 if there is none."""
        try:
            return self._file.seek(at, whence)
        except (OSError, OverflowError):  # where a damaged file sends its reader
            return -1

    def tell(self) -> int:
        """Return the place in bytes."""
        return self._file.tell()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class PipeBytes:
    """A FIFO, standard input or another stream: read once, in order, as it comes.

    Nothing waits in the system for longer than POLL_S, so that Ctrl-C and `stop` are obeyed even
    when nobody ever writes.
    """

    def __init__(self, fd: int, *, ours: bool) -> None:
        """ours: close the descriptor at the end; it is not when it is standard input."""
        self._fd, self._ours = fd, ours
        self.error: OSError | None = None
        """Why the system could not read on, if it could not."""
        self._stopped = False
        self._poll = select.poll()
        self._poll.register(fd, select.POLLIN)

    def read(self, size: int) -> bytes:
        """Return what there is, up to `size` bytes, waiting for it; none at the end."""
        while not self._stopped:
            if not self._poll.poll(POLL_S * 1e3):
                continue
            try:
                return os.read(self._fd, size)
            except BlockingIOError:
                continue
            except OSError as error:
                self.error = error
                return b""
        return b""

    def stop(self) -> None:
        """End the stream here: a `read` that waits in another thread returns no bytes."""
        self._stopped = True

    def close(self) -> None:
        """Let go of the pipe; only the thread that reads may."""
        self._stopped = True
        if self._ours:
            self._ours = False
            os.close(self._fd)


class PushbackBytes:
    """A reader that begins with bytes read already, and takes bytes back to read them again."""

    def __init__(self, head: bytes, rest: FileBytes | PipeBytes) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end."""
        if self._head:
            given, self._head = self._head[:size], self._head[size:]
            return given
        return self._rest.read(size)

    def read_fully(self, size: int) -> bytes:
        """Return `size` bytes, waiting for them; fewer only at the end."""
        parts: list[bytes] = []
        missing = size
        while missing > 0 and (part := self.read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def push_back(self, given: bytes) -> None:
        """Let the next read begin with these bytes."""
        self._head = given + self._head


def open_bytes(name: str) -> FileBytes | PipeBytes:
    """Open a path, or standard input for `-`.

    Raises:
        UserError: it is not there, or may not be read; the line says which.
    """
    if name == STDIN:
        return _standard_input()
    # Without waiting: a FIFO that nobody writes to opens at once, and is waited for in `read`.
    fd = os.open(input_path(name), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    return FileBytes(fd) if stat.S_ISREG(os.fstat(fd).st_mode) else PipeBytes(fd, ours=True)


def is_stream(name: str) -> bool:
    """Whether a path, or standard input for `-`, can be read only once, as it comes."""
    try:
        mode = os.fstat(0).st_mode if name == STDIN else expand_path(name).stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode)


def _standard_input() -> FileBytes | PipeBytes:
    try:
        mode = os.fstat(0).st_mode
    except OSError as error:
        raise UserError("standard input is closed: give it a sound, or name a file.") from error
    if sys.stdin is not None and os.isatty(0):
        raise UserError("standard input is a terminal: pipe a sound into it, or name a file.")
    if stat.S_ISDIR(mode):
        raise UserError("standard input is a folder: give it one sound file.")
    if stat.S_ISREG(mode):
        return FileBytes(os.dup(0))
    return PipeBytes(0, ours=False)
