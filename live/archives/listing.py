"""Every recording below a folder: found by the ending of its name, whatever links lead where."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from live.archives.ledger import Ledger
from live.archives.lines import Recording

SOUNDS = ("wav", "wave", "w64", "rf64", "flac", "ogg", "oga", "opus", "mp3", "m4a", "aac", "wma")
SOUNDS += ("aif", "aiff", "aifc", "au", "caf", "ape", "wv", "tta", "mka", "amr", "ac3")
FILMS = ("mp4", "m4v", "mkv", "webm", "mov", "avi", "mpg", "mpeg", "mts", "wmv", "flv", "3gp")
_ENDINGS = frozenset(f".{each}".encode() for each in (*SOUNDS, *FILMS))
_AT_ONCE = 1000


@dataclass(slots=True)
class Looked:
    """What else was seen on the way."""

    others: int = 0
    """Files that are no recordings."""
    shut: int = 0
    """Folders that cannot be looked into."""
    first_shut: str = ""
    """The first of these, and why."""


def look_through(folder: bytes, ledger: Ledger, tick: Callable[[int], object]) -> Looked:
    """Note every recording below a folder, each folder once.

    Real folders come first and keep their own names; then links to folders are followed, by their
    names, so that which name a recording has depends on the folder alone. Names that begin with a
    dot are passed over, as `ls` does: what systems and other programs leave.

    Args:
        folder: its path.
        ledger: to note them in.
        tick: is told how many recordings more were found.

    Raises:
        OSError: the folder itself cannot be looked into.
    """
    looked = Looked()
    ledger.add_folder(b"", _identity(os.stat(folder)))
    number = 0
    while True:
        while (found := ledger.next_folder(number)) is not None:
            number, name = found
            try:
                for some in _recordings(folder, name, ledger, looked):
                    ledger.add_recordings(some)
                    tick(len(some))
            except OSError as error:
                if not name:
                    raise
                looked.shut += 1
                if looked.shut == 1:
                    looked.first_shut = f"{os.fsdecode(name)}: {error.strerror}"
        link = ledger.next_link()
        if link is None:
            return looked
        try:
            ledger.add_folder(link, _identity(os.stat(os.path.join(folder, link))))
        except OSError:
            continue  # it has just gone


def is_recording(name: bytes) -> bool:
    """Whether the ending of a name is that of a sound or a film."""
    return os.path.splitext(name)[1].lower() in _ENDINGS


def _recordings(
    folder: bytes, inside: bytes, ledger: Ledger, looked: Looked
) -> Iterator[list[Recording]]:
    """Yield those directly in a folder, some at a time, and note the folders in it."""
    waiting: list[Recording] = []
    with os.scandir(os.path.join(folder, inside)) as entries:
        for entry in entries:
            if entry.name.startswith(b"."):
                continue
            name = os.path.join(inside, entry.name)
            about = _about(entry)
            if about is None:
                continue
            if stat.S_ISDIR(about.st_mode):
                if entry.is_symlink():
                    ledger.add_link(name)
                else:
                    ledger.add_folder(name, _identity(about))
            elif not is_recording(name) or not _is_file(about):
                looked.others += 1
            else:
                size = -1 if stat.S_ISLNK(about.st_mode) else about.st_size
                waiting.append(Recording(name, size, about.st_mtime_ns))
            if len(waiting) == _AT_ONCE:
                yield waiting
                waiting = []
    yield waiting


def _about(entry: os.DirEntry[bytes]) -> os.stat_result | None:
    """What an entry is; of a link that leads nowhere, what that is; None where it has just gone."""
    for follow in (True, False):
        try:
            return entry.stat(follow_symlinks=follow)
        except OSError:
            continue
    return None


def _is_file(about: os.stat_result) -> bool:
    return stat.S_ISREG(about.st_mode) or stat.S_ISLNK(about.st_mode)


def _identity(about: os.stat_result) -> str:
    """What a folder is, whatever it is called."""
    return f"{about.st_dev}:{about.st_ino}"
