"""What a folder of shards holds: `index.json`, written last, so that where it is all is whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from training.loop.plain_errors import InputError
from training.loop.whole_files import write_text

INDEX = "index.json"


class Shard(msgspec.Struct, frozen=True):
    """One tar file of whole samples."""

    file: str
    clips: int
    bytes: int
    sha256: str


class Index(msgspec.Struct, frozen=True):
    """A data set in shards."""

    dataset: str
    """The loader that read it: `vggsound`."""
    splits: dict[str, tuple[Shard, ...]]
    labels: dict[str, int]
    """Every label, in order of the alphabet, with its number of clips."""

    def clips(self, split: str) -> int:
        """How many clips a split has."""
        return sum(shard.clips for shard in self.splits.get(split, ()))


def write_index(folder: Path, index: Index) -> None:
    """Write it; equal data sets have equal files, byte for byte."""
    text = msgspec.json.format(msgspec.json.encode(index, order="deterministic"), indent=1)
    write_text(folder / INDEX, text.decode() + "\n")


def read_index(folder: Path) -> Index:
    """Read it. Raises InputError where there is none, or it is damaged."""
    path = folder / INDEX
    if not path.is_file():
        raise InputError(
            f"{folder} has no {INDEX}: prepare a data set there with python -m "
            "training.papers.prepare, or run that again if it was stopped"
        )
    try:
        return msgspec.json.decode(path.read_bytes(), type=Index)
    except msgspec.DecodeError as error:
        raise InputError(f"{path} is damaged ({error}): prepare the data set again") from error


@dataclass(frozen=True, slots=True)
class Split:
    """The shards of one part of a data set, all there and of the size that they were written."""

    paths: tuple[Path, ...]
    clips: int
    fingerprint: str
    """Of what the shards hold: ranks that see the same data have the same."""


def find_split(folder: Path, split: str) -> Split:
    """The shards of a split. Raises InputError where it is empty, or a shard is not as written."""
    index = read_index(folder)
    shards = index.splits.get(split, ())
    if not shards:
        known = ", ".join(name for name, found in index.splits.items() if found) or "nothing"
        raise InputError(f"{folder} has no clips of split {split}: it has {known}")
    paths = tuple(folder / shard.file for shard in shards)
    for path, shard in zip(paths, shards, strict=True):
        if not path.is_file() or path.stat().st_size != shard.bytes:
            raise InputError(f"{path} is missing or cut short: prepare the data set again")
    told = "".join(shard.sha256 for shard in shards)
    return Split(paths, index.clips(split), hashlib.sha256(told.encode()).hexdigest())


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of labels in order of the alphabet."""
    return dict(sorted(counts.items()))
