"""Anybody's own data set: `manifest.csv` with paths from its own folder.

Columns, of which only `key` and one of the files are needed: key, audio, image, video, labels,
captions, split, start_s, seconds. Several images, labels or captions have `;` between them.
"""

from __future__ import annotations

import math
from pathlib import Path

from training.loop.plain_errors import InputError
from training.papers.datasets.layouts.clips import Clip, Listing, Still
from training.papers.datasets.layouts.tables import named_rows

NAME = "manifest.csv"
_FILES = ("audio", "image", "video")


def lists(root: Path) -> list[Path]:
    """The manifest, where there is one."""
    return [root / NAME] if (root / NAME).is_file() else []


def read(root: Path, given: list[Path]) -> Listing:
    """All clips of it. Raises InputError where a column is missing."""
    listing = Listing("manifest")
    for path in given:
        for line, row in named_rows(path):
            if "key" not in row or not any(name in row for name in _FILES):
                raise InputError(
                    f"{path} lacks a column: it needs key and one of {', '.join(_FILES)}"
                )
            try:
                start, seconds = _time(row.get("start_s")) or 0.0, _time(row.get("seconds"))
            except ValueError:
                start = seconds = None
            key, split = row["key"], row.get("split") or "all"
            if not key or start is None:
                listing.unread.append(f"{path.name}:{line}")
            elif listing.lists(key, split):
                _add(listing, path.parent, row, Clip(key, split, start_s=start, seconds=seconds))
    return listing


def _add(listing: Listing, folder: Path, row: dict[str, str], bare: Clip) -> None:
    named = {name: [folder / file for file in _several(row.get(name, ""))] for name in _FILES}
    gone = [path for files in named.values() for path in files if not path.is_file()]
    if gone or not any(named.values()):
        listing.missing.append((bare.key, f"no {gone[0]}" if gone else "no file is named"))
        return
    audio, video = (next(iter(named[name]), None) for name in ("audio", "video"))
    listing.clips.append(
        Clip(
            bare.key, bare.split, _several(row.get("labels", "")),
            _several(row.get("captions", "")), audio or video, video,
            tuple(Still(float(time), path) for time, path in enumerate(named["image"])),
            bare.start_s, bare.seconds,
        )
    )  # fmt: skip


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _time(text: str | None) -> float | None:
    if not text:
        return None
    number = float(text)
    if not 0 <= number < math.inf:
        raise ValueError(text)
    return number
