"""Paints what a run has not painted yet of the sounds that are to be scored."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import torch
from PIL import Image
from tqdm import tqdm

from engine.packets import U8
from training.papers.datasets.sample import Sample, hear
from training.papers.harness.batches import cut
from training.papers.harness.runs import load_run, read_run
from training.papers.harness.system import System

BATCH = 8


def paint_missing(run: Path, samples: Iterable[Sample], folder: Path) -> str:
    """Paint the scene of every sound into `KEY.png`, unless it is there; return the system's name.

    The noise is of the key's own seed, so that a picture does not depend on what is painted
    beside it. Raises InputError where the run is none, or is not finished.
    """
    name = read_run(run).system
    waiting = (sample for sample in samples if not (folder / f"{sample.key}.png").exists())
    first = list(islice(waiting, BATCH))
    if not first:
        return name
    device = "cuda" if torch.cuda.is_available() else "cpu"
    system = load_run(run, device)
    folder.mkdir(parents=True, exist_ok=True)
    for batch in tqdm(_batches(first, waiting), "painting", unit="batch", disable=None):
        for sample, picture in zip(batch, paint_scenes(system, batch, device), strict=True):
            part = folder / f".{sample.key}.part"
            Image.fromarray(picture).save(part, "PNG")
            part.replace(folder / f"{sample.key}.png")
    return name


def paint_scenes(system: System, samples: list[Sample], device: str = "cpu") -> list[U8]:
    """The scenes of some sounds, u8 (h, w, 3) each."""
    sounds = [cut(hear(sample, system.rate_hz), system.samples) for sample in samples]
    asked = torch.stack([torch.from_numpy(sound) for sound in sounds]).to(device)
    seeds = [zlib.crc32(sample.key.encode()) for sample in samples]
    return list(system.paint(asked, seeds).scene.cpu().numpy())


def _batches(first: list[Sample], waiting: Iterator[Sample]) -> Iterator[list[Sample]]:
    yield first
    while batch := list(islice(waiting, BATCH)):
        yield batch
