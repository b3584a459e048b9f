"""One shard: a tar file in webdataset's layout, the same bytes for the same samples.

`<key>.flac` (or `.wav`), `<key>.000.jpg`, `<key>.001.jpg` ... and `<key>.json` with the rest; in
the key whatever a tar or webdataset would take apart is written as in an address (`%2E`). Written
with Python's own library: webdataset would load torch into every process that decodes videos.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from training.papers.datasets.index import Shard
from training.papers.datasets.sample import Picture, Sample

FORMATS = ((b"fLaC", "flac"), (b"RIFF", "wav"), (b"\xff\xd8", "jpg"), (b"\x89PNG", "png"))


def suffix_of(data: bytes) -> str:
    """`flac`, `wav`, `jpg` or `png`, by how a file begins. Raises ValueError for anything else."""
    for begin, suffix in FORMATS:
        if data.startswith(begin):
            return suffix
    raise ValueError("neither WAV, FLAC, JPEG nor PNG")


def shard_file(split: str, number: int) -> str:
    """The name of a split's shard, from 0."""
    return f"{quote(split, safe='')}-{number:05d}.tar"


def members(sample: Sample) -> Iterator[tuple[str, bytes]]:
    """Names and contents of a sample's files, in the order in which they are written."""
    name = quote(sample.key, safe="").replace(".", "%2E")
    if sample.audio:
        yield f"{name}.{suffix_of(sample.audio)}", sample.audio
    for number, picture in enumerate(sample.pictures):
        yield f"{name}.{number:03d}.{suffix_of(picture.data)}", picture.data
    rest = {
        "key": sample.key,
        "split": sample.split,
        "labels": sample.labels,
        "captions": sample.captions,
        "times": [round(picture.time, 3) for picture in sample.pictures],
    }
    yield f"{name}.json", json.dumps(rest, ensure_ascii=False).encode()


def sample_of(found: dict[str, Any]) -> Sample:
    """The sample that webdataset found in a tar: its files by suffix."""
    rest = json.loads(found["json"])
    pictures = [found[name] for name in sorted(found) if name.endswith((".jpg", ".png"))]
    return Sample(
        rest["key"],
        found.get("flac") or found.get("wav") or b"",
        tuple(Picture(*pair) for pair in zip(rest["times"], pictures, strict=True)),
        tuple(rest["labels"]),
        tuple(rest["captions"]),
        rest["split"],
    )


def write_tar(samples: Iterable[Sample], path: Path) -> Shard:
    """Write a shard whole or not at all; say what it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    clips = 0
    try:
        with part.open("wb") as file, tarfile.open(
            fileobj=file, mode="w", format=tarfile.PAX_FORMAT
        ) as tar:
            for sample in samples:
                clips += 1
                for name, data in members(sample):
                    entry = tarfile.TarInfo(name)  # of no time and no owner
                    entry.size = len(data)
                    tar.addfile(entry, io.BytesIO(data))
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = part.stat().st_size
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return Shard(path.name, clips, size, digest)
