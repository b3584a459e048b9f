"""The file of lines: it grows by whole ones, and is put in order at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.system.signals import hold_signals
from live.archives.lines import OPENING, Line, read_line
from live.errors import UserError
from live.paths.write_whole import check_writable, unwritable, whole_file

_PIECE = 1 << 20


class Output:
    """Lines on a disk; see `open_output`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._fd = descriptor
        self.end = 0
        """Bytes of whole lines."""

    def read(self) -> Iterator[tuple[Line, int, int]]:
        """Yield every line, where it begins and how long it is; cut off what is none at the end.

        Raises:
            UserError: the file is something else.
        """
        at, rest = 0, b""
        while piece := os.pread(self._fd, _PIECE, at + len(rest)):
            *whole, rest = (rest + piece).split(b"\n")
            for each in whole:
                line = read_line(each)
                if line is None:
                    raise self._foreign()
                yield line, at, len(each) + 1
                at += len(each) + 1
        # A power cut leaves half a line, or noughts. Nothing else is ever cut.
        if rest and not at and not OPENING.startswith(rest[: len(OPENING)]):
            raise self._foreign()
        self.end = at
        os.ftruncate(self._fd, at)

    def append(self, line: bytes) -> int:
        """Write a whole line, or nothing of it; return where it begins.

        Raises:
            UserError: the disk is full.
        """
        with hold_signals():
            at = self.end
            try:
                _write(self._fd, line, at)
            except OSError as error:
                with suppress(OSError):
                    os.ftruncate(self._fd, at)
                raise unwritable(self.path, error) from error
            self.end += len(line)
        return at

    def put_in_order(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Keep these lines, (at, length) each, in this order; the file is replaced as a whole.

        Raises:
            UserError: there is no room for a second one.
        """
        with whole_file(self.path) as temporary:
            fresh = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            end = 0
            try:
                _lock(fresh)  # before it has the name: whoever comes now finds it taken
                os.fchmod(fresh, os.fstat(self._fd).st_mode & 0o7777)
                for piece in _joined(self._fd, wanted):
                    _write(fresh, piece, end)
                    end += len(piece)
                os.fsync(fresh)
            except BaseException:
                os.close(fresh)
                raise
            old, self._fd, self.end = self._fd, fresh, end
            os.close(old)

    def close(self) -> None:
        """Let go of it; a file without a line is none."""
        if not self.end and os.fstat(self._fd).st_size == 0:
            with suppress(OSError):
                self.path.unlink()
        os.close(self._fd)

    def _foreign(self) -> UserError:
        return UserError(
            f"{self.path} is there and holds something else than lines of this command: name "
            "another --output, or remove it."
        )


@contextmanager
def open_output(path: Path) -> Iterator[Output]:
    """Yield the file, made where there is none; nobody else writes to it meanwhile.

    Raises:
        UserError: it cannot be written, or another process does.
    """
    real = Path(os.path.realpath(path))
    check_writable(real)
    try:
        descriptor = os.open(real, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        _lock(descriptor)
    except BlockingIOError as error:
        os.close(descriptor)
        line = f"another soundglass describe writes {path} just now: wait for it."
        raise UserError(line) from error
    output = Output(real, descriptor)
    try:
        yield output
    finally:
        output.close()


def _lock(descriptor: int) -> None:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        pass  # some disks of a network know no locks


def _write(descriptor: int, content: bytes, at: int) -> None:
    while content:
        written = os.pwrite(descriptor, content, at)
        content, at = content[written:], at + written


def _joined(descriptor: int, wanted: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """Yield the lines, as many at once as stand one after the other."""
    first = last = 0
    for at, length in wanted:
        if at != last or last - first >= _PIECE:
            if last > first:
                yield os.pread(descriptor, last - first, first)
            first = at
        last = at + length
    if last > first:
        yield os.pread(descriptor, last - first, first)
