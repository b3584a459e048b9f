"""What lies where in the shards of a data set: read at random, nothing unpacked."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.loop.plain_errors import InputError
from training.papers.datasets.index import find_split, read_index


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside a shard."""

    shard: Path
    at: int
    size: int

    def read(self) -> bytes:
        """The file."""
        with self.shard.open("rb") as file:
            file.seek(self.at)
            return file.read(self.size)


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample inside a shard."""

    key: str
    split: str
    labels: tuple[str, ...]
    captions: tuple[str, ...]
    audio: Part | None
    pictures: tuple[Part, ...]
    times: tuple[float, ...]


def shards_of(folder: Path) -> list[Path]:
    """The shards of all splits. Raises InputError where the data set is not whole."""
    index = read_index(folder)
    return [path for split in index.splits for path in find_split(folder, split).paths]


def entries(shard: Path) -> Iterator[Entry]:
    """The samples of a shard, in order. Raises InputError where it is damaged."""
    audio: Part | None = None
    pictures: list[Part] = []
    try:
        with tarfile.open(shard) as tar:
            for member in tar:
                part = Part(shard, member.offset_data, member.size)
                suffix = member.name.rpartition(".")[2]
                if suffix == "json":
                    yield _entry(json.loads(part.read()), audio, pictures)
                    audio, pictures = None, []
                elif suffix in ("flac", "wav"):
                    audio = part
                else:
                    pictures.append(part)
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise InputError(f"{shard} is damaged ({error}): prepare the data set again") from error


def _entry(rest: dict[str, Any], audio: Part | None, pictures: list[Part]) -> Entry:
    return Entry(
        rest["key"], rest["split"], tuple(rest["labels"]), tuple(rest["captions"]),
        audio, tuple(pictures), tuple(rest["times"]),
    )  # fmt: skip
