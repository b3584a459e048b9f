"""Pictures of the image world with their truth, painted into a folder by all cores.

Painted once, read at the speed of memory. An interrupted run goes on where it was stopped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from training.loop.whole_files import write_text
from training.painting.generator import ATMOSPHERE
from training.vocabulary import LABELS

SLOTS = 4
CHUNK = 100
"""Pictures that one process paints at a time; an interrupted run loses no more."""


@dataclass(frozen=True, slots=True)
class PaintedPictures:
    """Pictures of one size and what is in them, row by row."""

    pictures: np.ndarray
    """u8 (n, h, w, 3), a memory map."""
    labels: np.ndarray
    """i64 (n, 4) index into `LABELS`; -1 where there is no source."""
    weights: np.ndarray
    """f32 (n, 4) loudness in [0, 1]; 0 where there is no source."""
    places: np.ndarray
    """f32 (n, 4, 4) x, y, height, facing of each source's box."""
    looks: np.ndarray
    """i64 (n, 4) which drawing of the subject, 0 to 7."""
    atmosphere: np.ndarray
    """f32 (n, 14) shares of lights, seasons and styles."""

    def present(self) -> np.ndarray:
        """bool (n, labels): what each picture shows."""
        shown = np.zeros((len(self.labels), len(LABELS)), bool)
        rows, slots = np.nonzero(self.labels >= 0)
        shown[rows, self.labels[rows, slots]] = True
        return shown

    def rows(self, chosen: np.ndarray | slice) -> PaintedPictures:
        """Those rows alone."""
        return PaintedPictures(*(np.asarray(getattr(self, name)[chosen]) for name in FIELDS))


FIELDS = tuple(PaintedPictures.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Order:
    """Which pictures to paint, and how large."""

    kind: str
    """scene or panel."""
    width: int
    height: int
    first: int
    """The first seed."""
    count: int
    halved: bool = False
    """Whether they are kept at half of the size that they are painted at."""

    @property
    def stored_size(self) -> tuple[int, int]:
        """(height, width) that they are kept at."""
        return (self.height // 2, self.width // 2) if self.halved else (self.height, self.width)


def halve(pictures: np.ndarray) -> np.ndarray:
    """u8 (n, h, w, 3) at half size, by the mean of four pixels."""
    n, height, width, _ = pictures.shape
    quarters = pictures.reshape(n, height // 2, 2, width // 2, 2, 3)
    return (quarters.astype(np.uint16).sum((2, 4)) + 2 >> 2).astype(np.uint8)


def load_or_paint(
    folder: Path, order: Order, done: Path, facts: Mapping[str, Any], workers: int, what: str
) -> PaintedPictures:
    """Paints what is ordered into a folder, or opens it when it is there.

    Args:
        folder: gets one array file for each field.
        order: which pictures.
        done: file that is there when all are painted, and holds `facts`; other facts in it call
            for other pictures.
        facts: ready for JSON.
        workers: processes that paint.
        what: of the progress bar.
    """
    if not (done.exists() and json.loads(done.read_text()) == facts):
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        _paint(folder, order, facts, workers, what)
        write_text(done, json.dumps(facts))
    return load_pictures(folder)


def load_pictures(folder: Path) -> PaintedPictures:
    """The finished pictures of a folder."""
    pictures, *truth = (folder / f"{name}.npy" for name in FIELDS)
    return PaintedPictures(np.load(pictures, mmap_mode="r"), *(np.load(path) for path in truth))


def _paint(
    folder: Path, order: Order, facts: Mapping[str, Any], workers: int, what: str
) -> None:
    record, whole = folder / "painting.json", _blank(0, order)
    saved = json.loads(record.read_text()) if record.exists() else {}
    ready: list[int] = saved["ready"] if saved.get("facts") == facts else []
    arrays = {
        name: np.lib.format.open_memmap(
            folder / f"{name}.npy", "r+" if ready else "w+", rows.dtype,
            (order.count, *rows.shape[1:]),
        )
        for name, rows in whole.items()
    }  # fmt: skip
    starts = [at for at in range(0, order.count, CHUNK) if at not in ready]
    sizes = {at: min(CHUNK, order.count - at) for at in range(0, order.count, CHUNK)}
    with (
        ProcessPoolExecutor(workers) as pool,
        tqdm(total=order.count, unit="picture", desc=f"painting {what}") as progress,
    ):
        progress.update(sum(sizes[at] for at in ready))
        jobs = {at: pool.submit(_paint_chunk, order, at, sizes[at]) for at in starts}
        try:
            for at in starts:
                chunk = jobs.pop(at).result()  # not kept: all of them would fill the memory
                for name, rows in chunk.items():
                    arrays[name][at : at + sizes[at]] = rows
                    arrays[name].flush()
                ready.append(at)
                write_text(record, json.dumps({"facts": facts, "ready": ready}))
                progress.update(sizes[at])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    record.unlink(missing_ok=True)


def _paint_chunk(order: Order, at: int, count: int) -> dict[str, np.ndarray]:
    from training.world.painter import paint_seed  # Skia is loaded where pictures are painted

    made = _blank(count, order)
    for row in range(count):
        seed = order.first + at + row
        scene, picture = paint_seed(seed, order.width, order.height, kind=order.kind)
        made["pictures"][row] = halve(picture[None])[0] if order.halved else picture
        made["atmosphere"][row] = scene.atmosphere()
        for slot, truth in enumerate(scene.truth()[:SLOTS]):
            made["labels"][row, slot] = LABELS.index(truth.label)
            made["weights"][row, slot] = truth.weight
            made["places"][row, slot] = truth.place
            made["looks"][row, slot] = truth.look
    return made


def _blank(count: int, order: Order) -> dict[str, np.ndarray]:
    """The arrays of so many pictures with nothing in them."""
    return {
        "pictures": np.zeros((count, *order.stored_size, 3), np.uint8),
        "labels": np.full((count, SLOTS), -1, np.int64),
        "weights": np.zeros((count, SLOTS), np.float32),
        "places": np.tile(np.array([0.5, 0.5, 1.0, 0.0], np.float32), (count, SLOTS, 1)),
        "looks": np.zeros((count, SLOTS), np.int64),
        "atmosphere": np.zeros((count, ATMOSPHERE), np.float32),
    }
