"""Lists of clips: comma or tab between cells, quotes, byte-order marks, and nothing trusted."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from training.loop.plain_errors import InputError

Row = tuple[int, list[str]]
"""A line's number, from 1, and its cells without the spaces around them."""


def rows(path: Path, delimiter: str = ",") -> Iterator[Row]:
    """The rows of a list that are neither empty nor a remark (`#`).

    Raises:
        InputError: the file is no text.
    """
    head = path.read_bytes()[:2]
    wide = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        with path.open(encoding="utf-16" if wide else "utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
            for cells in reader:
                stripped = [cell.strip() for cell in cells]
                if any(stripped) and not stripped[0].startswith("#"):
                    yield reader.line_num, stripped
    except (UnicodeError, csv.Error) as error:
        raise InputError(
            f"{path} is no list of clips ({error}): save it as UTF-8 text with one clip a line"
        ) from error


def named_rows(path: Path, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """The rows under a heading, by its names in small letters."""
    heading: list[str] | None = None
    for number, cells in rows(path, delimiter):
        if heading is None:
            heading = [cell.lower() for cell in cells]
        else:
            yield number, dict(zip(heading, cells, strict=False))


def first_line(path: Path) -> str:
    """The first line of a list as it stands, without a byte-order mark; empty where it is none."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline(10_000)
    except (OSError, UnicodeError):
        return ""


def lists_under(root: Path, *suffixes: str) -> list[Path]:
    """The lists in a folder and in the folders in it, in order of name."""
    found = [*root.glob("*"), *root.glob("*/*")]
    return sorted(path for path in found if path.suffix.lower() in suffixes and path.is_file())


def split_named(path: Path) -> str | None:
    """The split that a list's name tells: `train`, `test`, `eval`, `val`; None where none."""
    name = path.stem.lower()
    for split in ("train", "test", "eval", "val"):
        if split in name:
            return split
    return None
