"""No output may be an input, nor another output: found out before anything is opened.

Files are the same where their real paths are, or where the system says so: by a symbolic or a hard
link, or another spelling where case does not count.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from live.errors import UserError

STANDARD = {"input": Path("/dev/stdin"), "output": Path("/dev/stdout")}
"""What "-" stands for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder that a command reads or writes."""

    path: Path
    said_as: str
    """What a person calls it, such as "--events"."""
    names: str | None = None
    """For a folder: what the names of the files written there match, as a regular expression."""
    whole: bool = False
    """A folder that is replaced with everything in it."""


def check_apart(reads: Iterable[Place], writes: Iterable[Place]) -> None:
    """Compare everything that a command writes with all that it reads, and with each other.

    Devices such as /dev/null and terminals are shared freely. Standard output and standard error
    are compared with what is read.

    Raises:
        UserError: two of them are the same file; the line names both.
    """
    read, written = tuple(reads), tuple(writes)
    for out in written:
        for source in read:
            if _overwrites(out, source):
                raise UserError(
                    f"{out.said_as} would overwrite {source.said_as}, {source.path}: name another "
                    f"place for {out.said_as}."
                )
    for one, other in combinations(written, 2):
        if _overwrites(one, other) or _overwrites(other, one):
            raise UserError(
                f"{one.said_as} and {other.said_as} would both write {other.path}: name two "
                "different places."
            )
    for stream, name in ((sys.stdout, "standard output"), (sys.stderr, "standard error")):
        for source in read:
            if _is_stream(source.path, stream):
                raise UserError(
                    f"{name} would overwrite {source.said_as}, {source.path}: send it elsewhere."
                )


def _overwrites(out: Place, other: Place) -> bool:
    if _same(out.path, other.path):
        return True
    if out.whole:
        real, inside = os.path.realpath(out.path), os.path.realpath(other.path)
        return Path(real) in Path(inside).parents
    if out.names is None:
        return False
    pattern = re.compile(out.names, re.IGNORECASE)
    if pattern.fullmatch(other.path.name) and _same(out.path, other.path.parent):
        return True
    return _has_another_name_in(out.path, pattern, other.path)


def _has_another_name_in(folder: Path, pattern: re.Pattern[str], path: Path) -> bool:
    """Whether a file in the folder whose name matches is the one at the path."""
    try:
        number = path.stat().st_ino
        with os.scandir(folder) as entries:
            return any(
                (entry.is_symlink() or entry.inode() == number) and _same(Path(entry), path)
                for entry in entries
                if pattern.fullmatch(entry.name)
            )
    except OSError:
        return False


def _same(one: Path, other: Path) -> bool:
    try:
        if os.path.samefile(one, other):
            return not _is_shared(one)
    except (OSError, ValueError):
        pass  # one is not there yet
    try:
        return os.path.realpath(one) == os.path.realpath(other) and not _is_shared(one)
    except (OSError, ValueError):
        return False


def _is_shared(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def _is_stream(path: Path, stream: object) -> bool:
    try:
        about = os.fstat(stream.fileno())  # type: ignore[attr-defined]
        return os.path.samestat(about, path.stat()) and not _is_shared(path)
    except (AttributeError, OSError, ValueError):
        return False  # it is closed, or no file at all
