"""The pool: tens of thousands of takes of single sounds, rendered once, read many times.

Every recording through many rooms, microphones and paces, plain windows of it to measure by, and
synthesis for every label beside them. What the teacher (`tagger`) makes of each take lies beside
it, so that a student can learn from the same piece. Which recordings measuring keeps away is
decided when a pool is read, not when it is made.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from engine.packets import F32
from engine.synthesis.catalogue import synthesise
from training.hearing.encoder import Encoder, EncoderShape
from training.hearing.tagger import CLASSES, FEATURES, RATE_HZ, Teacher, load_teacher
from training.loop.whole_files import write_text
from training.sound.distance import HEARD_AFAR, from_afar
from training.sound.mixing import at_loudness, augment, place_in_clip
from training.sound.recordings import Recording, hold_out, read_mono
from training.vocabulary import LABELS

RATE = EncoderShape().sample_rate_hz
CLIP_S = 4.0
CLIP = int(CLIP_S * RATE)
AFAR = 0.6
"""Share of such synthesised sounds that are heard from afar."""
TAKES_PER_LABEL, FEWEST_TAKES, MOST_TAKES, OTHER_TAKES = 320, 16, 96, 14
"""Takes of the recordings of a label, spread over them; of one recording at least and at most; of
one recording outside the vocabulary."""
PLAIN_WINDOWS = 3
STAND_IN = 10_000
"""Seeds of synthesised takes that stand in for recordings to measure by are so much higher."""
SYNTHESISED, RARE = 110, 6
"""Synthesised takes of a label; twice as many where it has fewer recordings than that."""


@dataclass(frozen=True, slots=True)
class Job:
    """One take to render."""

    label: str
    plain: bool
    """A window as it was recorded, to measure by."""
    seed: int
    recording: Recording | None
    """None: synthesised."""
    beside: Recording | None = None
    """Another one of the same kind, heard along with it."""


def plan_jobs(recordings: list[Recording], seed: int = 0, share: float = 1.0) -> list[Job]:
    """The takes to render. share: of all counts, for a smaller pool.

    Without recordings there are none to measure by: plain takes of the synthesiser stand in.
    """
    jobs: list[Job] = []
    outside = sorted({r.label for r in recordings} - set(LABELS))

    def some(number: float) -> int:
        return max(1, round(number * share))

    for label in (*LABELS, *outside):
        theirs = [r for r in recordings if r.label == label]
        known = label in LABELS
        takes = OTHER_TAKES
        if known and theirs:
            takes = int(np.clip(TAKES_PER_LABEL // len(theirs), FEWEST_TAKES, MOST_TAKES))
        for at, recording in enumerate(theirs):
            for i in range(some(takes)):
                company = len(theirs) > 1 and i % 5 == 4
                other = theirs[(at + 1 + i) % len(theirs)] if company else None
                jobs.append(Job(label, False, seed + i, recording, other))
            jobs += [Job(label, True, seed + i, recording) for i in range(some(PLAIN_WINDOWS))]
        if known:
            made = SYNTHESISED * (2 if len(theirs) < RARE else 1)
            jobs += [Job(label, False, seed + i, None) for i in range(some(made))]
            if not recordings:
                jobs.append(Job(label, True, seed + STAND_IN, None))
    return jobs


@lru_cache(maxsize=8)
def _recorded(path: Path) -> F32:
    return read_mono(path, RATE_HZ)


def render(job: Job) -> F32:
    """(128000,) four seconds at the teacher's rate, at the pool's loudness."""
    n = int(CLIP_S * RATE_HZ)
    key = zlib.crc32(f"{job.label}/{job.plain}/{job.recording and job.recording.name}".encode())
    rng = np.random.default_rng([key, job.seed])
    if job.recording is None:
        seconds = CLIP_S if rng.uniform() < 0.7 else float(rng.uniform(1.0, CLIP_S))
        sound = synthesise(job.label, seconds, RATE_HZ, job.seed)
        if job.label in HEARD_AFAR and rng.uniform() < AFAR:
            sound = from_afar(rng, sound, RATE_HZ)
        return augment(rng, sound, n, RATE_HZ, speed=False)
    sound = _recorded(job.recording.path)
    if job.plain:
        return at_loudness(place_in_clip(rng, sound, n, RATE_HZ), RATE_HZ)
    beside = _recorded(job.beside.path) if job.beside else None
    return augment(rng, sound, n, RATE_HZ, beside=beside)


Rendered = tuple[NDArray[np.float16], NDArray[np.float16], NDArray[np.float16], NDArray[np.float16]]


@lru_cache(maxsize=1)
def _teacher(folder: Path | None) -> Teacher | None:
    torch.set_num_threads(1)
    return load_teacher(folder) if folder else None


@torch.no_grad()
def _render_many(jobs: list[Job], folder: Path | None) -> Rendered:
    teacher = _teacher(folder)
    sounds = np.stack([render(job) for job in jobs])
    clips = np.stack([soxr.resample(sound, RATE_HZ, RATE) for sound in sounds])
    clips = np.clip(clips, -60000, 60000).astype(np.float16)
    levels = Encoder().levels(torch.from_numpy(clips.astype(np.float32)))
    features = np.zeros((len(jobs), FEATURES), np.float16)
    logits = np.zeros((len(jobs), CLASSES), np.float16)
    if teacher is not None:
        peaks = np.abs(sounds).max(1, keepdims=True)
        heard = teacher.tagger(torch.from_numpy((sounds / (peaks + 1e-9) * 0.7).astype(np.float32)))
        features, logits = (each.numpy().astype(np.float16) for each in heard)
    return clips, levels.numpy().astype(np.float16), features, logits


def build(jobs: list[Job], out: Path, teacher: Path | None = None, workers: int = 1) -> None:
    """Renders all jobs into the folder `out`; the index is written last, so half a pool is none."""
    out.mkdir(parents=True, exist_ok=True)
    size = 32
    parts = [jobs[i : i + size] for i in range(0, len(jobs), size)]
    frames, bands = CLIP // EncoderShape().hop - 1, EncoderShape().bands
    shapes = {
        "clips": (CLIP,), "levels": (frames, bands), "features": (FEATURES,), "logits": (CLASSES,),
    }  # fmt: skip
    files = [
        np.lib.format.open_memmap(
            out / f"{name}.npy", "w+", dtype=np.float16, shape=(len(jobs), *shape)
        )
        for name, shape in shapes.items()
    ]
    with ProcessPoolExecutor(workers) as pool, tqdm(total=len(jobs), unit="clip") as bar:
        for number, made in enumerate(pool.map(_render_many, parts, [teacher] * len(parts))):
            for file, rows in zip(files, made, strict=True):
                file[number * size : number * size + len(rows)] = rows
            bar.update(len(made[0]))
    for file in files:
        file.flush()
    names = list(LABELS) + sorted({job.label for job in jobs} - set(LABELS))
    index = {
        "names": names,
        "labels": [names.index(job.label) for job in jobs],
        "plain": [job.plain for job in jobs],
        "recording": [job.recording.name if job.recording else "" for job in jobs],
        "taught": teacher is not None,
        "recordings": [
            {**asdict(each), "path": ""}
            for each in dict.fromkeys(job.recording for job in jobs if job.recording)
        ],
    }
    write_text(out / "index.json", json.dumps(index))


@dataclass(frozen=True, slots=True)
class Pool:
    """The rendered takes; row i of every array is take i."""

    clips: NDArray[np.float16]
    """(n, 64000) waveforms at 16 kHz."""
    levels: NDArray[np.float16]
    """(n, frames, 64) log10 mel power as `Encoder.levels` gives it."""
    features: NDArray[np.float16]
    """(n, 384) of the teacher; zeros without one."""
    logits: NDArray[np.float16]
    """(n, 527) of the teacher."""
    labels: NDArray[np.int64]
    """(n,) index into `names`."""
    names: tuple[str, ...]
    """The vocabulary first, then labels outside it."""
    plain: NDArray[np.bool_]
    recording: NDArray[np.str_]
    """(n,) name of the recording, empty when synthesised."""
    recordings: tuple[Recording, ...]
    """All that are in it, without their paths."""
    has_teacher: bool
    """Whether a teacher has heard it."""


def load(folder: Path) -> Pool:
    """The pool of a folder, memory-mapped. Raises FileNotFoundError with the remedy."""
    if not (folder / "index.json").is_file():
        raise FileNotFoundError(
            f"no pool in {folder}: make one with python -m training.taught_pool -o {folder}"
        )
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))

    def array(name: str) -> NDArray[np.float16]:
        return np.load(folder / f"{name}.npy", mmap_mode="r")

    return Pool(
        array("clips"),
        array("levels"),
        array("features"),
        array("logits"),
        np.array(index["labels"]),
        tuple(index["names"]),
        np.array(index["plain"]),
        np.array(index["recording"]),
        tuple(Recording(**{**each, "path": Path()}) for each in index["recordings"]),
        index["taught"],
    )


def held_out(pool: Pool, fold: int | None) -> NDArray[np.bool_]:
    """(n,) takes of the recordings that the fold keeps out of training; fold None: none."""
    if fold is None:
        return np.zeros(len(pool.labels), bool)
    return np.isin(pool.recording, sorted(hold_out(list(pool.recordings), fold)))


def training_rows(pool: Pool, fold: int | None) -> NDArray[np.bool_]:
    """(n,) takes to learn from where the fold's recordings are kept away."""
    return ~pool.plain & ~held_out(pool, fold)


def measuring_rows(
    pool: Pool, fold: int | None, collections: Sequence[str] = ()
) -> NDArray[np.bool_]:
    """(n,) plain windows of the recordings that the fold keeps away, and synthesised ones, which
    nobody learns from. collections: of those of them alone; () for all."""
    away = held_out(pool, fold)
    if collections:
        ours = [each.name for each in pool.recordings if each.collection in collections]
        away &= np.isin(pool.recording, ours)
    return pool.plain & (away | (pool.recording == ""))
