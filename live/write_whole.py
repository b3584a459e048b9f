"""Files appear whole or not at all: written beside their place, then renamed into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from live.errors import UserError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path` with the same suffix; rename it there at a clean end.

    On any error, Ctrl-C included, the temporary file is removed and `path` is left as it was.
    A device, such as /dev/null, is never replaced by a file: it is written to, at the end.

    Raises:
        UserError: the folder or the file cannot be written, or the disk is full.
    """
    name = f".{path.stem}.{os.getpid()}.part{path.suffix}"
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
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a whole file at once; see `whole_file`."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content)


def check_writable(path: Path) -> None:
    """Make the file's folder and see that the file may be written, before any long work.

    Raises:
        UserError: it may not.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder: name a file to write.")
    if path.is_fifo() or path.is_socket() or path.is_block_device():
        raise UserError(f"{path} is no ordinary file: name another one to write.")
    make_folder(path.parent)
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
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
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(f"cannot write {path}: the disk is full; make room or choose another one.")
    return UserError(f"cannot write {path} ({reason}): choose another place.")
