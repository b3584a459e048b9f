"""A folder of real recordings: what is in it, and how it is split for honest measuring.

The folder is named by `--sounds` or the environment variable SOUNDGLASS_SOUNDS and holds
`manifest.csv` with the columns file, label, seconds, author, licence, collection. Nothing here
needs it: without one, training uses synthesised sounds alone.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.packets import F32
from engine.system.terminal import say
from training.loop.plain_errors import InputError
from training.vocabulary import KIN, LABELS

FOLDS: tuple[frozenset[str], ...] = (
    frozenset({"effects"}),
    frozenset({"yellowstone", "world", "ambience", "loops", "noixer", "aar-weather"}),
    frozenset({"pets", "farm", "dogs", "studio", "sonic-pi"}),
)
"""Collections that measuring keeps away from training, fold by fold."""


COLUMNS = ("file", "label", "author", "licence", "collection")
"""What training reads of a manifest."""


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
    """All recordings of the folder, in the manifest's order, but rows without a file or a label.

    Raises InputError without a manifest, or where a column is missing.
    """
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        raise InputError(f"{folder} has no manifest.csv: name a folder of recordings with --sounds")
    with manifest.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise InputError(
                f"{manifest} lacks the column {missing[0]}: it must have {', '.join(COLUMNS)}"
            )
        return [_recording(folder, row) for row in rows if row["file"] and row["label"]]


def _recording(folder: Path, row: dict[str, str | None]) -> Recording:
    said = {name: row[name] or "" for name in COLUMNS}
    return Recording(
        folder / said["file"],
        said["file"],
        said["label"],
        KIN.get(said["label"], said["label"]),
        said["author"],
        said["licence"],
        said["collection"],
    )


def hold_out(recordings: list[Recording], fold: int = 0) -> frozenset[str]:
    """Names of the recordings kept from training in a fold: whole collections, so that no place or
    microphone is known; for a label that those lack, or that has nothing else, a quarter of its
    recordings (the last one in fold 0, the one before in fold 1, ...; at least one, even an only
    one: then training has synthesis alone), without takes by authors that training hears unless
    there are no others. All cuts of one original go together."""
    chosen: set[str] = set()
    of_label: dict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        of_label[recording.own_label].append(recording)
    for label, theirs in of_label.items():
        away = [r for r in theirs if r.collection in FOLDS[fold]]
        if label in LABELS and (not away or len(away) == len(theirs)):
            away = _quarter(theirs, fold)
        chosen.update(r.name for r in away)
    originals = {original(name) for name in chosen}
    return frozenset(r.name for r in recordings if original(r.name) in originals)


def original(name: str) -> str:
    """What a recording was cut from, of which no cut may be trained on where another measures:
    `esc50-FOLD-ORIGINAL-TAKE` without the take, elsewhere a name without its count of cuts."""
    stem = Path(name).stem
    return stem.rpartition("-")[0] if stem.startswith("esc50-") else re.sub(r"-\d$", "", stem)


def _quarter(recordings: list[Recording], fold: int) -> list[Recording]:
    size = max(1, len(recordings) // 4)
    start = len(recordings) - (fold + 1) * size
    away = [recordings[(start + i) % len(recordings)] for i in range(size)]
    authors = {r.author for r in recordings if r not in away}
    return [r for r in away if r.author not in authors] or away


def read_mono(path: Path, rate: int) -> F32:
    """(n,) mono at `rate`, mean removed."""
    import soundfile
    import soxr

    samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if own_rate != rate:
        mono = soxr.resample(mono, own_rate, rate)
    return np.asarray(mono - mono.mean(), dtype=np.float32)


SILENT = 1e-4
"""Peak, of full scale, under which a recording holds nothing."""


def keep_usable(recordings: list[Recording]) -> list[Recording]:
    """Those that can be read and in which something sounds: an empty file would teach that silence
    is its label. Reads them all; says which are left out, and why."""
    import soundfile

    kept = []
    for recording in recordings:
        try:
            samples, _ = soundfile.read(recording.path, dtype="float32")
        except (OSError, soundfile.LibsndfileError):
            say(f"left out, not being readable: {recording.name}")
            continue
        if np.abs(samples).max(initial=0.0) > SILENT:
            kept.append(recording)
        else:
            say(f"left out, being silent: {recording.name}")
    return kept


def credits(recordings: list[Recording]) -> list[dict[str, str | int]]:
    """Authors and licences with their number of files, most files first."""
    count = Counter((r.author, r.licence) for r in recordings)
    return [{"author": a, "licence": li, "files": n} for (a, li), n in count.most_common()]
