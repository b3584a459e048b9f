"""A file, pipe or device that is written to without waiting for whoever reads it.

A write that is stuck in a pipe can be interrupted by nothing in Python. So pipes and terminals are
opened anew in a mode in which they never block, be they standard output, which others share and
whose own mode is left alone; and each is asked before how much it would take.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import sys
import time
from pathlib import Path
from typing import TextIO

from live.errors import UserError
from live.keep.rotation import Rotation
from live.paths.write_whole import check_writable, unwritable

_AT_ONCE = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY
NO_READER = (errno.EPIPE, errno.ENXIO)
"""Errors that say that nobody reads a pipe: any more, or yet."""


class LineFile:
    """Takes bytes; after an error it is opened anew by the next write."""

    def __init__(
        self, path: Path, stream: TextIO | None = None, rotation: Rotation | None = None
    ) -> None:
        """Begin the file anew; a named pipe is opened by the first write.

        stream: what to write to instead of a file; path is then only its name. rotation: put the
        file aside when it is full, and go on in one that is there already instead of beginning it
        anew; None lets it grow.

        Raises:
            UserError: it cannot be written.
        """
        self.path = path
        self._stream = None if stream is None else stream.fileno()
        self._descriptor = -1
        self._torn = False
        self._most = 1 << 20
        self._rotation = rotation
        self._begun_s = time.time()
        if self._stream is not None:
            return
        if path.is_fifo():
            if not os.access(path, os.W_OK):
                raise unwritable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
            return
        check_writable(path)
        try:
            anew = os.O_TRUNC if rotation is None else 0
            self._torn = rotation is not None and _ends_torn(path)
            self._adopt(os.open(path, _AT_ONCE | os.O_APPEND | os.O_CREAT | anew, 0o666))
        except OSError as error:
            raise unwritable(path, error) from error

    def write(self, data: bytes, wait_s: float) -> int:
        """Write what the file accepts within wait_s seconds; return how many bytes of data.

        Raises:
            OSError: it cannot be written; one of NO_READER where it is a pipe that nobody reads.
        """
        if self._descriptor < 0:
            self._adopt(self._open())
        ready = select.poll()
        ready.register(self._descriptor, select.POLLOUT)
        if not ready.poll(round(1000 * wait_s)):
            return 0
        try:
            if self._torn:
                os.write(self._descriptor, b"\n")
                self._torn = False
                return 0
            return os.write(self._descriptor, data[: self._most])
        except BlockingIOError:
            time.sleep(wait_s)
            return 0

    def end_line(self) -> None:
        """Say that what was written last ends a line: the file may be put aside here.

        Raises:
            OSError: it cannot be renamed.
        """
        if self._rotation is None or self._descriptor < 0:
            return
        found = os.fstat(self._descriptor)
        if stat.S_ISREG(found.st_mode) and self._rotation.is_due(found.st_size, self._begun_s):
            self.close()
            self._begun_s = time.time()  # also where it cannot be renamed: not at every line
            self._rotation.put_aside(self.path)

    def give_up(self, done: int) -> None:
        """After an error, remove the `done` bytes of an incomplete line, and close."""
        if self._descriptor < 0:
            return
        if done:
            try:
                self._truncate_line(done)
            except OSError:
                # A named pipe begins anew with its next reader; elsewhere the torn line is ended.
                self._torn = self._stream is not None or not self.path.is_fifo()
        self.close()

    def close(self) -> None:
        """Let go of it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _truncate_line(self, count: int) -> None:
        end = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        if os.fstat(self._descriptor).st_size != end:
            raise OSError("somebody else wrote to it since")
        os.ftruncate(self._descriptor, end - count)
        os.lseek(self._descriptor, end - count, os.SEEK_SET)

    def _adopt(self, descriptor: int) -> None:
        self._descriptor = descriptor
        # Whoever says that it is ready takes so much without blocking.
        self._most = 1 << 20 if stat.S_ISREG(os.fstat(descriptor).st_mode) else select.PIPE_BUF

    def _open(self) -> int:
        if self._stream is None:
            if self.path.is_fifo():
                return os.open(self.path, _AT_ONCE)
            return os.open(self.path, _AT_ONCE | os.O_APPEND | os.O_CREAT, 0o666)
        mode = os.fstat(self._stream).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
            try:
                return os.open(f"/proc/self/fd/{self._stream}", _AT_ONCE)
            except OSError as error:
                if stat.S_ISFIFO(mode) and error.errno in NO_READER:
                    raise
        return os.dup(self._stream)


def _ends_torn(path: Path) -> bool:
    """Whether a file ends in the midst of a line: whoever wrote it before was killed."""
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def line_file(path: Path, rotation: Rotation | None = None) -> LineFile:
    """Return the file of a name, begun anew or put aside now and then; "-" is standard output.

    Raises:
        UserError: it cannot be written.
    """
    if str(path) != "-":
        return LineFile(path, rotation=rotation)
    if sys.stdout is None:
        raise UserError("standard output is closed: name a file instead of -.")
    return LineFile(Path("standard output"), sys.stdout)
