"""A folder of real recordings: what is in it, and how it is split for honest measuring.

The folder is named by `--sounds` or the environment variable SOUNDGLASS_SOUNDS and holds
`manifest.csv` with the columns file, label, seconds, author, licence, collection. Nothing here
needs it: without one, training uses synthesised sounds alone.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from engine.packets import F32
from training.vocabulary import KIN, LABELS

HELD_OUT_COLLECTIONS = frozenset({"world", "farm", "loops"})
"""Collections that measuring keeps away from training."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One file of the manifest."""

    path: Path
    name: str
    """The file as the manifest writes it: the key of the split."""
    own_label: str
    """As the manifest says."""
    label: str
    """The word of the vocabulary for it where there is one, else its own label."""
    author: str
    licence: str
    collection: str


def sounds_folder(given: Path | None) -> Path | None:
    """The folder to read: the given one, else SOUNDGLASS_SOUNDS, else None."""
    named = os.environ.get("SOUNDGLASS_SOUNDS")
    return given or (Path(named) if named else None)


def read_manifest(folder: Path) -> list[Recording]:
    """All recordings of the folder, in the manifest's order. Raises ValueError when it has none."""
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        raise ValueError(f"{folder} has no manifest.csv: name a folder of recordings with --sounds")
    with manifest.open(newline="", encoding="utf-8") as file:
        return [
            Recording(
                folder / row["file"],
                row["file"],
                row["label"],
                KIN.get(row["label"], row["label"]),
                row["author"],
                row["licence"],
                row["collection"],
            )
            for row in csv.DictReader(file)
        ]


def held_out(recordings: list[Recording]) -> frozenset[str]:
    """Names of the recordings kept from training: whole collections, so that no place or
    microphone is known; for a label that those lack, the last quarter of its recordings (at least
    one, even an only one: then training has synthesis alone)."""
    chosen: set[str] = set()
    of_label: dict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        of_label[recording.own_label].append(recording)
    for label in LABELS:
        theirs = of_label.get(label, [])
        away = [r.name for r in theirs if r.collection in HELD_OUT_COLLECTIONS]
        if not away or len(away) == len(theirs):
            away = [r.name for r in theirs[len(theirs) - max(1, len(theirs) // 4) :]]
        chosen.update(away)
    return frozenset(chosen)


def read_mono(path: Path, rate: int) -> F32:
    """(n,) mono at `rate`, mean removed."""
    samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if own_rate != rate:
        mono = soxr.resample(mono, own_rate, rate)
    return np.asarray(mono - mono.mean(), dtype=np.float32)


def credits(recordings: list[Recording]) -> list[dict[str, str | int]]:
    """Authors and licences with their number of files, most files first."""
    count = Counter((r.author, r.licence) for r in recordings)
    return [{"author": a, "licence": li, "files": n} for (a, li), n in count.most_common()]
