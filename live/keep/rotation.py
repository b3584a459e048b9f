"""Files that grow line by line: when one is full, it is put aside and a new one begun."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from live.keep.names import dated, undated


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a file is put aside, and how many of those stay."""

    most_bytes: int
    longest_s: float
    kept: int | None
    """Files put aside that are kept, older ones are removed; None leaves that to others."""

    def is_due(self, size: int, begun_s: float) -> bool:
        """Whether a file of so many bytes, begun at a time.time(), is full or old."""
        return size >= self.most_bytes or time.time() - begun_s >= self.longest_s

    def put_aside(self, path: Path) -> None:
        """Rename a file after the moment, NAME-20261127-181500.jsonl, and remove the oldest.

        Raises:
            OSError: it cannot be renamed.
        """
        path.rename(dated(path))
        if self.kept is None:
            return
        aside = sorted(put_aside(path), key=_age)
        for old in aside[: max(0, len(aside) - self.kept)]:
            with suppress(OSError):
                old.unlink()


def put_aside(path: Path) -> list[Path]:
    """Return the files of this name that were put aside."""
    name = re.compile(rf"{re.escape(undated(path))}-\d{{8}}-\d{{6}}(-\d+)?{re.escape(path.suffix)}")
    return [each for each in path.parent.iterdir() if name.fullmatch(each.name)]


def _age(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:  # somebody else has removed it
        return 0.0, path.name
