"""A pool of painted pictures on disk: painted once by all cores, read at the speed of memory."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from training.vocabulary import LABELS
from training.world.painter import paint_seed

SLOTS = 4
CHUNK = 200


@dataclass(frozen=True, slots=True)
class PicturePool:
    """Pictures and what sounds in them, row by row."""

    pictures: np.ndarray
    """u8 (n, h, w, 3), a memory map."""
    labels: np.ndarray
    """i64 (n, 4) index into `LABELS`; -1 where there is no source."""
    weights: np.ndarray
    """f32 (n, 4) loudness in [0, 1]; 0 where there is no source."""


def _paint_chunk(first: int, count: int, width: int, height: int) -> tuple[np.ndarray, ...]:
    pictures = np.empty((count, height, width, 3), np.uint8)
    labels = np.full((count, SLOTS), -1, np.int64)
    weights = np.zeros((count, SLOTS), np.float32)
    for row in range(count):
        scene, pictures[row] = paint_seed(first + row, width, height)
        loudness = dict(scene.loudness)
        for slot, name in enumerate(loudness):
            labels[row, slot] = LABELS.index(name)
            weights[row, slot] = loudness[name]
    return pictures, labels, weights


def _chunks(first: int, count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, CHUNK):
        yield first + start, min(CHUNK, count - start)


def paint_pool(folder: Path, first: int, count: int, width: int, height: int) -> PicturePool:
    """Paints seeds first .. first+count-1 into a folder, or opens it when it is already there."""
    facts = {"first": first, "count": count, "width": width, "height": height}
    done = folder / "pool.json"
    if not (done.exists() and json.loads(done.read_text()) == facts):
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        pictures = np.lib.format.open_memmap(
            folder / "pictures.npy", "w+", np.uint8, (count, height, width, 3)
        )
        labels, weights = np.empty((count, SLOTS), np.int64), np.empty((count, SLOTS), np.float32)
        jobs = list(_chunks(first, count))
        with (
            ProcessPoolExecutor(os.cpu_count()) as workers,
            tqdm(total=count, unit="picture", desc="painting") as progress,
        ):
            futures = [workers.submit(_paint_chunk, *job, width, height) for job in jobs]
            for (start, size), future in zip(jobs, futures, strict=True):
                rows = slice(start - first, start - first + size)
                pictures[rows], labels[rows], weights[rows] = future.result()
                progress.update(size)
        pictures.flush()
        np.save(folder / "labels.npy", labels)
        np.save(folder / "weights.npy", weights)
        done.write_text(json.dumps(facts))
    return PicturePool(
        np.load(folder / "pictures.npy", mmap_mode="r"),
        np.load(folder / "labels.npy"),
        np.load(folder / "weights.npy"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0, help="first seed (default %(default)s)")
    parser.add_argument("--count", type=int, default=24_000, help="pictures (default %(default)s)")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--height", type=int, default=144)
    a = parser.parse_args()
    paint_pool(a.folder, a.first, a.count, a.width, a.height)


if __name__ == "__main__":
    main()
