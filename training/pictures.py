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

from training.generator import ATMOSPHERE
from training.vocabulary import LABELS
from training.world.painter import paint_seed

SLOTS = 4
CHUNK = 100


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """What a pool holds."""

    name: str
    """Its folder in the runs folder."""
    kind: str
    """scene or panel."""
    width: int
    height: int
    first: int
    """The first seed; pools that are kept apart start far from one another."""
    count: int


SCENES = PoolPlan("scenes", "scene", 512, 288, 0, 11_000)
PANELS = PoolPlan("panels", "panel", 256, 256, 1_000_000, 9_000)


@dataclass(frozen=True, slots=True)
class PicturePool:
    """Pictures and what is in them, row by row."""

    pictures: np.ndarray
    """u8 (n, h, w, 3), a memory map."""
    labels: np.ndarray
    """i64 (n, 4) index into `LABELS`; -1 where there is no source."""
    weights: np.ndarray
    """f32 (n, 4) loudness in [0, 1]; 0 where there is no source."""
    places: np.ndarray
    """f32 (n, 4, 4) x, y, height, facing."""
    looks: np.ndarray
    """i64 (n, 4) which drawing, 0 to 7."""
    atmosphere: np.ndarray
    """f32 (n, 14) shares of lights, seasons and styles."""


FACTS = ("labels", "weights", "places", "looks", "atmosphere")


def _empty_facts(count: int) -> dict[str, np.ndarray]:
    return {
        "labels": np.full((count, SLOTS), -1, np.int64),
        "weights": np.zeros((count, SLOTS), np.float32),
        "places": np.tile(np.array([0.5, 0.5, 1.0, 0.0], np.float32), (count, SLOTS, 1)),
        "looks": np.zeros((count, SLOTS), np.int64),
        "atmosphere": np.zeros((count, ATMOSPHERE), np.float32),
    }


def _paint_chunk(plan: PoolPlan, first: int, count: int) -> tuple[np.ndarray, dict]:
    pictures = np.empty((count, plan.height, plan.width, 3), np.uint8)
    facts = _empty_facts(count)
    for row in range(count):
        scene, pictures[row] = paint_seed(first + row, plan.width, plan.height, plan.kind)
        facts["atmosphere"][row] = scene.atmosphere()
        for slot, truth in enumerate(scene.truth()):
            facts["labels"][row, slot] = LABELS.index(truth.label)
            facts["weights"][row, slot] = truth.weight
            facts["places"][row, slot] = truth.place
            facts["looks"][row, slot] = truth.look
    return pictures, facts


def _chunks(first: int, count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, CHUNK):
        yield first + start, min(CHUNK, count - start)


def paint_pool(runs: Path, plan: PoolPlan) -> PicturePool:
    """Paints a pool into its folder, or opens it when it is already there."""
    folder, count = runs / plan.name, plan.count
    facts = {name: getattr(plan, name) for name in ("kind", "width", "height", "first", "count")}
    done = folder / "pool.json"
    if not (done.exists() and json.loads(done.read_text()) == facts):
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        pictures = np.lib.format.open_memmap(
            folder / "pictures.npy", "w+", np.uint8, (count, plan.height, plan.width, 3)
        )
        rows = _empty_facts(count)
        jobs = list(_chunks(plan.first, count))
        with (
            ProcessPoolExecutor(os.cpu_count()) as workers,
            tqdm(total=count, unit="picture", desc=f"painting {plan.name}") as progress,
        ):
            futures = [workers.submit(_paint_chunk, plan, *job) for job in jobs]
            for (start, size), future in zip(jobs, futures, strict=True):
                here = slice(start - plan.first, start - plan.first + size)
                pictures[here], painted = future.result()
                for name in FACTS:
                    rows[name][here] = painted[name]
                progress.update(size)
        pictures.flush()
        for name in FACTS:
            np.save(folder / f"{name}.npy", rows[name])
        done.write_text(json.dumps(facts))
    return PicturePool(
        np.load(folder / "pictures.npy", mmap_mode="r"),
        *(np.load(folder / f"{name}.npy") for name in FACTS),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, help="folder that the pools are painted into")
    parser.add_argument("--scenes", type=int, default=SCENES.count, help="(default %(default)s)")
    parser.add_argument("--panels", type=int, default=PANELS.count, help="(default %(default)s)")
    a = parser.parse_args()
    for plan in plans(a.scenes, a.panels):
        paint_pool(a.runs, plan)


def plans(scenes: int = SCENES.count, panels: int = PANELS.count) -> tuple[PoolPlan, ...]:
    """The pools that the generator is trained on, at other counts where asked for."""
    counted = ((SCENES, scenes), (PANELS, panels))
    return tuple(
        PoolPlan(p.name, p.kind, p.width, p.height, p.first, count) for p, count in counted
    )


if __name__ == "__main__":
    main()
