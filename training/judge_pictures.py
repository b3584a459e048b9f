"""Real pictures for the judge, at half of the size that the bundle paints, with their truth.

Painted from seeds that no other trainer uses, and kept in folders of their own: a picture of the
image world is 512 x 288 or 256 x 256, so the judge sees 256 x 144 or 128 x 128, scaled down the
same way as the generated ones that it will judge.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from training.vocabulary import LABELS

SLOTS = 4
CHUNK = 50
PAINTED = {"scene": (288, 512), "panel": (256, 256)}
"""(height, width) of the world's pictures by kind."""
FIRST_SEED = {
    ("train", "scene"): 50_000_000,
    ("train", "panel"): 55_000_000,
    ("check", "scene"): 60_000_000,
    ("check", "panel"): 62_000_000,
    ("test", "scene"): 65_000_000,
    ("test", "panel"): 67_000_000,
}
"""Ranges of seeds by split and kind: the generator's are far below."""


@dataclass(frozen=True, slots=True)
class JudgedPictures:
    """Pictures of one size with their truth, row by row; memory maps."""

    pictures: np.ndarray
    """u8 (n, h, w, 3)."""
    labels: np.ndarray
    """i64 (n, 4) index into `LABELS`; -1 where there is no source."""
    weights: np.ndarray
    """f32 (n, 4) in [0, 1]."""
    places: np.ndarray
    """f32 (n, 4, 4): x, y, height, facing of each source's box."""
    looks: np.ndarray
    """i64 (n, 4): which drawing of the subject."""
    atmosphere: np.ndarray
    """f32 (n, a): light, season and style."""

    def present(self) -> np.ndarray:
        """bool (n, labels): what each picture shows."""
        shown = np.zeros((len(self.labels), len(LABELS)), bool)
        rows, slots = np.nonzero(self.labels >= 0)
        shown[rows, self.labels[rows, slots]] = True
        return shown

    def rows(self, chosen: np.ndarray | slice) -> JudgedPictures:
        """Those rows alone."""
        return JudgedPictures(
            *(np.asarray(getattr(self, name)[chosen]) for name in self.__dataclass_fields__)
        )


def at_judged_size(pictures: np.ndarray) -> np.ndarray:
    """u8 (n, h, w, 3) at half size by the mean of four pixels; what is small already stays."""
    if pictures.shape[1:3] not in PAINTED.values():
        return pictures
    quarters = pictures.reshape(
        len(pictures), pictures.shape[1] // 2, 2, pictures.shape[2] // 2, 2, 3
    )
    return (quarters.astype(np.uint16).sum((2, 4)) + 2 >> 2).astype(np.uint8)


def _paint_chunk(first: int, count: int, kind: str) -> dict[str, np.ndarray]:
    from training.world.painter import paint_seed  # Skia is loaded where pictures are painted

    height, width = PAINTED[kind]
    made = _blank(count, kind)
    atmospheres = []
    for row in range(count):
        scene, picture = paint_seed(first + row, width, height, kind=kind)
        made["pictures"][row] = at_judged_size(picture[None])[0]
        for slot, truth in enumerate(scene.truth()[:SLOTS]):
            made["labels"][row, slot] = LABELS.index(truth.label)
            made["weights"][row, slot] = truth.weight
            made["places"][row, slot] = truth.place
            made["looks"][row, slot] = truth.look
        atmospheres.append(scene.atmosphere())
    return {**made, "atmosphere": np.asarray(atmospheres, np.float32)}


def _blank(count: int, kind: str) -> dict[str, np.ndarray]:
    height, width = PAINTED[kind]
    return {
        "pictures": np.zeros((count, height // 2, width // 2, 3), np.uint8),
        "labels": np.full((count, SLOTS), -1, np.int64),
        "weights": np.zeros((count, SLOTS), np.float32),
        "places": np.zeros((count, SLOTS, 4), np.float32),
        "looks": np.zeros((count, SLOTS), np.int64),
    }


def _chunks(first: int, count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, CHUNK):
        yield first + start, min(CHUNK, count - start)


def judged_pictures(
    folder: Path, split: str, kind: str, count: int, workers: int = 1
) -> JudgedPictures:
    """Paints pictures of a split ("train", "check" or "test") and kind, or opens what is there.

    Goes on where an earlier run was stopped, chunk by chunk.
    """
    facts = {"first": FIRST_SEED[split, kind], "count": count, "kind": kind}
    done, parts = folder / "judged.json", folder / "parts"
    if not (done.exists() and json.loads(done.read_text()) == facts):
        parts.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        jobs = list(_chunks(facts["first"], count))
        missing = [job for job in jobs if not _part(parts, *job).exists()]
        with (
            ProcessPoolExecutor(workers) as pool,
            tqdm(total=count, unit="picture", desc=f"painting {split} {kind}s") as progress,
        ):
            progress.update(count - sum(size for _, size in missing))
            futures = [(job, pool.submit(_paint_chunk, *job, kind)) for job in missing]
            try:
                for job, future in futures:
                    _save_whole(_part(parts, *job), future.result())
                    progress.update(job[1])
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        _join([_part(parts, *job) for job in jobs], folder)
        done.write_text(json.dumps(facts))
    return open_judged(folder)


def open_judged(folder: Path) -> JudgedPictures:
    """The finished pictures of a folder. Raises FileNotFoundError with the remedy."""
    if not (folder / "judged.json").exists():
        raise FileNotFoundError(f"no pictures in {folder}: start python -m training.train_judge")
    return JudgedPictures(
        *(
            np.load(folder / f"{name}.npy", mmap_mode="r")
            for name in JudgedPictures.__dataclass_fields__
        )
    )


def _part(parts: Path, first: int, count: int) -> Path:
    return parts / f"{first}-{count}.npz"


def _save_whole(path: Path, arrays: dict[str, np.ndarray]) -> None:
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, allow_pickle=False, **arrays)
    os.replace(partial, path)


def _join(parts: list[Path], folder: Path) -> None:
    """One array per field out of all parts, which are then deleted."""
    for name in JudgedPictures.__dataclass_fields__:
        whole, at = None, 0
        counts = [int(path.stem.split("-")[1]) for path in parts]
        for path, size in zip(parts, counts, strict=True):
            with np.load(path) as arrays:
                rows = arrays[name]
            if whole is None:
                whole = np.lib.format.open_memmap(
                    folder / f"{name}.npy", "w+", rows.dtype, (sum(counts), *rows.shape[1:])
                )
            whole[at : at + size] = rows
            at += size
        if whole is not None:
            whole.flush()
    for path in parts:
        path.unlink()
