"""Files appear whole or not at all: written beside their place, then renamed into it."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.system.outside import cut, is_somewhere
from live.errors import UserError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path` with the same suffix; rename it there at a clean end.

    On any error, Ctrl-C included, the temporary file is removed and `path` is left as it was.
    A device, such as /dev/null, is never replaced by a file: it is written to, at the end.

    Raises:
        UserError: the folder or the file cannot be written, or the disk is full.
    """
    # A name of as many letters as a disk allows leaves no room for more, so it is cut.
    name = f".{path.stem[:32]}.{os.getpid()}.part{path.suffix[-16:]}"
    device = path.is_char_device()
    temporary = Path(tempfile.gettempdir(), name) if device else path.with_name(name)
    try:
        check_writable(path)
        yield temporary
        if device:
            path.write_bytes(temporary.read_bytes())
        else:
            temporary.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):  # there may be no such folder
            temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | memoryview) -> None:
    """Write a whole file at once; see `whole_file`."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content)


def check_writable(path: Path) -> None:
    """Make the file's folder and see that the file may be written, before any long work.

    Raises:
        UserError: it may not.
    """
    make_folder(path.parent)
    try:
        there = path.stat() if path.exists() else None
    except OSError as error:
        raise unwritable(path, error) from error
    if there is not None and stat.S_ISDIR(there.st_mode):
        raise UserError(f"{path} is a folder: name a file to write.")
    if there is not None and not (stat.S_ISREG(there.st_mode) or stat.S_ISCHR(there.st_mode)):
        raise UserError(f"{path} is no ordinary file: name another one to write.")
    if not os.access(path.parent, os.W_OK) or (there is not None and not os.access(path, os.W_OK)):
        raise UserError(f"cannot write {path} (permission denied): choose another place.")


def make_folder(path: Path) -> Path:
    """Make a folder for results, and its parents; return it.

    Raises:
        UserError: a file is in the way, or the folder may not be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
    if not os.access(path, os.W_OK):
        raise UserError(f"cannot write to folder {path} (permission denied): choose another one.")
    return path


def unwritable(path: Path, error: OSError) -> UserError:
    """Return the line for a write that the system refused, a full disk included."""
    import errno

    reason = error.strerror or str(error)
    if error.errno == errno.ENAMETOOLONG:
        return UserError(f"cannot write {cut(str(path))}: its name is too long; use a shorter one.")
    if isinstance(error, FileNotFoundError) and not is_somewhere():
        return UserError(
            f"cannot write {path}: the folder that this was started in is gone; change to one that "
            "is there."
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(f"cannot write {path}: the disk is full; make room or choose another one.")
    return UserError(f"cannot write {path} ({reason}): choose another place.")
