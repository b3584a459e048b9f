"""Whether a sound file can be opened at all, and in plain words why not."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from engine.system.outside import is_somewhere, outside_fault
from live.errors import UserError
from live.paths.names import expand_path
from live.suggest import did_you_mean

_OTHERS = ((stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"))


def input_path(name: str | Path) -> Path:
    """Return the path of a file that is there, not empty and may be read, or of a named pipe.

    Raises:
        UserError: it is none; the line says which of the many reasons it is.
    """
    path = expand_path(name)
    try:
        found = path.stat()
    except OSError as error:
        raise _not_there(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise UserError(f"{path} is a folder: name one sound file in it.")
    for is_one, what in _OTHERS:
        if is_one(found.st_mode):
            raise UserError(f"{path} is {what}, no sound file: name a file, or a named pipe.")
    if stat.S_ISREG(found.st_mode):
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError as error:
            raise _unreadable(path, error) from error
        if found.st_size == 0:
            raise UserError(f"{path} is empty: choose a sound file with sound in it.")
    return path


def is_there(name: str) -> bool:
    """Whether a name is that of anything on disk, a link that leads nowhere included."""
    try:
        return os.path.lexists(expand_path(name))
    except UserError:
        return False


def is_folder(name: str) -> bool:
    """Whether a name is that of a folder, or of a link to one."""
    try:
        return expand_path(name).is_dir()
    except (UserError, OSError, ValueError):
        return False


def _not_there(path: Path, error: OSError) -> UserError:
    if error.errno not in (errno.ENOENT, errno.ENOTDIR):
        if error.errno == errno.ELOOP:
            return UserError(f"{path} is a link that leads back to itself: name another file.")
        return _unreadable(path, error)
    if not path.is_absolute() and not is_somewhere():
        return UserError(
            f"there is no file {path}: the folder that this was started in is gone; change to one "
            "that is there."
        )
    if path.is_symlink():
        return UserError(
            f"{path} is a link to {os.readlink(path)}, which is not there: mend the link, or name "
            "another file."
        )
    for folder in reversed(path.parents):
        if not os.path.lexists(folder):
            return UserError(
                f"there is no file {path}: {folder} is not there; check the name, or use demo."
            )
        if not folder.is_dir():
            return UserError(f"there is no file {path}: {folder} is no folder; check the name.")
    return UserError(f"there is no file {path}: check the name, or use demo.{_near(path)}")


def _unreadable(path: Path, error: OSError) -> UserError:
    if error.errno in (errno.EACCES, errno.EPERM):
        return UserError(
            f"{path} may not be read by you (permission denied): ask its owner, or change its "
            "permissions with chmod."
        )
    line = outside_fault(OSError(error.errno, error.strerror, str(path)))
    return UserError(line or f"{path} cannot be read ({error.strerror}).")


def _near(path: Path) -> str:
    try:
        beside = [entry.name for entry in path.parent.iterdir() if entry.name != path.name]
    except OSError:
        return ""
    return did_you_mean(path.name, beside)
