"""The pool: thousands of augmented single-source clips, rendered once, read many times."""

from __future__ import annotations

import json
import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from engine.synthesis.catalogue import synthesise
from training.hearing.encoder import Encoder, EncoderShape
from training.loop.whole_files import write_text
from training.sound.distance import HEARD_AFAR, from_afar
from training.sound.mixing import at_loudness, augment, place_in_clip
from training.sound.recordings import (
    Recording,
    hold_out,
    read_mono,
)
from training.vocabulary import LABELS

RATE = EncoderShape().sample_rate_hz
CLIP_S = 4.0
CLIP = int(CLIP_S * RATE)
AFAR = 0.6
"""Share of such synthesised sounds that are heard from afar."""

TRAIN, HELD, PLAIN = "train", "held", "plain"
"""Splits: for training; augmented takes of held-out recordings; plain windows of those for
measuring."""


@dataclass(frozen=True, slots=True)
class Job:
    """One clip to render."""

    label: str
    split: str
    seed: int
    recording: Recording | None
    """None: synthesised."""
    beside: Recording | None = None
    """Another one of the same kind, heard along with it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The rendered clips; row i of every array is clip i."""

    clips: NDArray[np.float16]
    """(n, 64000) waveforms."""
    levels: NDArray[np.float16]
    """(n, frames, 64) log10 mel power as `Encoder.levels` gives it."""
    labels: NDArray[np.int64]
    """(n,) index into `names`."""
    names: tuple[str, ...]
    """The vocabulary first, then labels outside it."""
    split: NDArray[np.str_]
    """(n,) train, held or plain."""
    recording: NDArray[np.str_]
    """(n,) name of the recording, empty when synthesised."""


def plan_jobs(
    recordings: list[Recording],
    real: int,
    synthetic: int,
    others: int,
    seed: int,
    away: frozenset[str] | None = None,
) -> list[Job]:
    """The clips to render: per vocabulary label `real` takes spread over its training recordings,
    a quarter of that from held-out ones, plain windows, `synthetic` takes (half as many again where
    training has but one or two recordings, twice as many where it has none); per other label
    `others` takes. `away`: names of the held-out recordings, fold 0 unless given."""
    away = hold_out(recordings) if away is None else away
    jobs: list[Job] = []
    outside = sorted({r.label for r in recordings} - set(LABELS))
    for label in (*LABELS, *outside):
        theirs = [r for r in recordings if r.label == label]
        trained = 0
        for split in (TRAIN, HELD):
            chosen = [r for r in theirs if (r.name in away) == (split == HELD)]
            trained = len(chosen) if split == TRAIN else trained
            wanted = real if split == TRAIN else real // 4
            wanted = wanted if label in LABELS else others
            for i in range(wanted if chosen else 0):
                company = len(chosen) > 1 and i % 4 == 3
                other = chosen[(i * 7 + i // len(chosen) + 1) % len(chosen)] if company else None
                jobs.append(Job(label, split, seed + i, chosen[i % len(chosen)], other))
        for recording in theirs:
            if recording.name in away and recording.own_label == label:
                windows = 6 if label in LABELS else 2
                jobs += [Job(label, PLAIN, seed + i, recording) for i in range(windows)]
        if label in LABELS:
            more = synthetic if trained > 2 or not theirs else synthetic * (4 - trained) // 2
            jobs += [Job(label, TRAIN, seed + i, None) for i in range(more)]
    return jobs


@lru_cache(maxsize=24)
def _recorded(path: Path) -> NDArray[np.float32]:
    return read_mono(path, RATE)


def render(job: Job) -> NDArray[np.float16]:
    """(64000,) the clip of a job at the pool's loudness."""
    key = zlib.crc32(f"{job.label}/{job.split}/{job.recording and job.recording.name}".encode())
    rng = np.random.default_rng([key, job.seed])
    if job.recording is None:
        seconds = CLIP_S if rng.uniform() < 0.7 else float(rng.uniform(1.0, CLIP_S))
        sound = synthesise(job.label, seconds, RATE, job.seed)
        if job.label in HEARD_AFAR and rng.uniform() < AFAR:
            sound = from_afar(rng, sound, RATE)
        out = augment(rng, sound, CLIP, RATE, speed=False)
    else:
        sound = _recorded(job.recording.path)
        if job.split == PLAIN:
            out = at_loudness(place_in_clip(rng, sound, CLIP, RATE), RATE)
        else:
            beside = _recorded(job.beside.path) if job.beside else None
            out = augment(rng, sound, CLIP, RATE, beside=beside)
    return np.clip(out, -60000, 60000).astype(np.float16)


def _render_many(jobs: list[Job]) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    torch.set_num_threads(1)
    clips = np.stack([render(job) for job in jobs])
    with torch.no_grad():
        levels = Encoder().levels(torch.from_numpy(clips.astype(np.float32)))
    return clips, levels.numpy().astype(np.float16)


def build(jobs: list[Job], out: Path, workers: int = 1) -> None:
    """Renders all jobs into the folder `out`; the index is written last, so half a pool is none."""
    out.mkdir(parents=True, exist_ok=True)
    size = 32
    parts = [jobs[i : i + size] for i in range(0, len(jobs), size)]
    frames = CLIP // EncoderShape().hop - 1
    clips = np.lib.format.open_memmap(
        out / "clips.npy", "w+", dtype=np.float16, shape=(len(jobs), CLIP)
    )
    levels = np.lib.format.open_memmap(
        out / "levels.npy", "w+", dtype=np.float16, shape=(len(jobs), frames, EncoderShape().bands)
    )
    with ProcessPoolExecutor(workers) as pool, tqdm(total=len(jobs), unit="clip") as bar:
        for number, (a, b) in enumerate(pool.map(_render_many, parts)):
            clips[number * size : number * size + len(a)] = a
            levels[number * size : number * size + len(b)] = b
            bar.update(len(a))
    clips.flush()
    levels.flush()
    names = list(LABELS) + sorted({job.label for job in jobs} - set(LABELS))
    index = {
        "names": names,
        "labels": [names.index(job.label) for job in jobs],
        "split": [job.split for job in jobs],
        "recording": [job.recording.name if job.recording else "" for job in jobs],
    }
    write_text(out / "index.json", json.dumps(index))


def load(folder: Path) -> Pool:
    """The pool of a folder, memory-mapped. Raises FileNotFoundError with the remedy."""
    if not (folder / "index.json").is_file():
        raise FileNotFoundError(
            f"no pool of clips in {folder}: make one with python -m training.sound_pool -o {folder}"
        )
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return Pool(
        np.load(folder / "clips.npy", mmap_mode="r"),
        np.load(folder / "levels.npy", mmap_mode="r"),
        np.array(index["labels"]),
        tuple(index["names"]),
        np.array(index["split"]),
        np.array(index["recording"]),
    )
