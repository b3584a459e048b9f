"""Keeps what a show writes within a size: the oldest files go first."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from live.keep.names import undated
from live.keep.sizes import said_size
from live.repeated import Repeated

SWEEP_S = 20.0
"""How often the files are looked at."""


@dataclass(frozen=True, slots=True)
class Family:
    """Files of one kind that a show writes one after another into a folder."""

    folder: Path
    names: re.Pattern[str]
    """What the whole name of each matches."""


def numbered(path: Path) -> Family:
    """Return the family of a file that is followed by others: NAME, NAME-2, NAME-20261127-181500.

    A name that ends in a date stands for those of other dates as well.
    """
    stem, suffix = re.escape(undated(path)), re.escape(path.suffix)
    return Family(path.parent, re.compile(rf"{stem}(-\d+)*{suffix}"))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    size: int
    changed_s: float


class Pruner:
    """Removes the oldest files of all families while they take more than they may."""

    def __init__(self, most_bytes: int, full: Callable[[str], None]) -> None:
        """full: is told in one line when nothing is left to remove and it is still too much."""
        self.most_bytes = most_bytes
        self._full = full
        self._over = False
        self._families: list[Family] = []
        self._lock = threading.Lock()
        self._sweeping = Repeated("pruning", SWEEP_S, self._look)

    def start(self) -> None:
        """Begin to look."""
        self._sweeping.start()

    def stop(self) -> None:
        """Remove nothing more."""
        self._sweeping.stop()

    def add(self, family: Family) -> None:
        """Keep these files within the size too."""
        with self._lock:
            if family not in self._families:
                self._families.append(family)

    def sweep(self) -> None:
        """Remove what is too much, the oldest first; of each family the newest file stays."""
        with self._lock:
            families = [
                sorted(_files(family), key=lambda file: file.changed_s) for family in self._families
            ]
        total = sum(file.size for files in families for file in files)
        old = sorted(
            (file for files in families for file in files[:-1]), key=lambda file: file.changed_s
        )
        for file in old:
            if total <= self.most_bytes:
                break
            with suppress(OSError):
                file.path.unlink()
                total -= file.size
        was, self._over = self._over, total > self.most_bytes
        if self._over and not was:
            self._full(
                f"what is kept takes {said_size(total)}, more than {said_size(self.most_bytes)}, "
                "and nothing older can be removed"
            )

    def _look(self) -> None:
        with suppress(OSError):  # a folder that has gone; it is looked for again
            self.sweep()


def _files(family: Family) -> Iterator[_File]:
    if not family.folder.is_dir():
        return
    with os.scandir(family.folder) as entries:
        for entry in entries:
            if family.names.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    yield _File(Path(entry.path), found.st_size, found.st_mtime)
