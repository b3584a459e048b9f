"""Windows of sound to measure by, mixes of them, and how a bundle's models do on these.

The definitions: hearing accuracy is the share of windows whose most present label is right, mean
over labels; SI-SDRi is the best permutation's improvement over the mixture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.separation import StreamingSeparator
from engine.packets import F32
from training.hearing.losses import si_sdr
from training.hearing.pool import Pool

F64 = NDArray[np.float64]
BATCH = 16


@dataclass(frozen=True, slots=True)
class Heard:
    """How single windows are named."""

    top1: float
    """Mean over labels of the share of windows whose first label is right."""
    top3: float
    per_label: dict[str, float]
    """top1 of each label that has windows."""
    confusion: F64
    """(labels, labels) row: truth, column: first label; rows sum to 1, or are 0 without windows."""
    windows: int


@dataclass(frozen=True, slots=True)
class Separated:
    """dB, means over mixes at equal loudness."""

    two_sources_db: float
    three_sources_db: float
    one_source_db: float
    """SI-SDR of the best slot when one sound is alone: how little it is taken apart."""


def heard_of_scores(scores: F32, truth: NDArray[np.int64], names: Sequence[str]) -> Heard:
    """From scores (n, labels), higher is likelier, and true labels (n,)."""
    order = np.argsort(-scores, axis=1, kind="stable")
    confusion = np.zeros((len(names), len(names)))
    np.add.at(confusion, (truth, order[:, 0]), 1.0)
    count = confusion.sum(1)
    confusion /= np.maximum(count, 1)[:, None]
    present = np.flatnonzero(count)
    in_three = (order[:, :3] == truth[:, None]).any(1)
    top1 = {names[i]: float(confusion[i, i]) for i in map(int, present)}
    top3 = [float(in_three[truth == i].mean()) for i in present]
    return Heard(float(np.mean(list(top1.values()))), float(np.mean(top3)), top1, confusion,
                 len(truth))  # fmt: skip


def windows_of(
    pool: Pool, labels: Sequence[str], chosen: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Rows (n,) of the chosen takes in which something sounds and whose label is among the first of
    the pool's names, the vocabulary.

    Raises ValueError when the pool was made for another vocabulary.
    """
    if tuple(pool.names[: len(labels)]) != tuple(labels):
        raise ValueError("the pool was made for another vocabulary than the bundle's")
    rows = np.flatnonzero(chosen & (pool.labels < len(labels)))
    return rows[np.array([bool(pool.clips[row].any()) for row in rows], bool)]


def clips_of(pool: Pool, rows: Sequence[int] | NDArray[np.int64]) -> F32:
    """(rows, samples) waveforms."""
    return np.asarray(pool.clips[np.asarray(rows)], dtype=np.float32)


def presences_of(models: BundleModels, clips: F32) -> F32:
    """(n, labels) how surely the encoder hears each label in each of the clips (n, samples)."""
    parts = [clips[at : at + BATCH] for at in range(0, len(clips), BATCH)]
    return np.concatenate([models.encoder.run({"audio": p})["presence"][:, :-1] for p in parts])


def mixes_of(
    pool: Pool, rows: NDArray[np.int64], sources: int, count: int, seed: int
) -> Iterator[NDArray[np.int64]]:
    """`count` times rows (sources,) of different labels, every label alike often."""
    rng = np.random.default_rng([seed, sources])
    labels = np.unique(pool.labels[rows])
    for _ in range(count if len(labels) >= sources else 0):
        chosen = rng.choice(labels, sources, replace=False)
        yield np.array([rng.choice(rows[pool.labels[rows] == label]) for label in chosen])


def si_sdr_db(estimate: F32, truth: F32) -> F64:
    """(..., n) -> (...) scale-invariant signal-to-distortion ratio, dB; see `losses.si_sdr`."""
    both = (torch.from_numpy(np.asarray(waves, np.float64)) for waves in (estimate, truth))
    return si_sdr(*both).numpy()


def separation_of_bundle(
    bundle: Bundle, models: BundleModels, pool: Pool, rows: NDArray[np.int64], mixes: int, seed: int
) -> Separated | None:
    """Streams mixes of one, two and three windows; None with fewer than three labels."""
    if len(np.unique(pool.labels[rows])) < 3:
        return None
    gains: dict[int, list[float]] = {1: [], 2: [], 3: []}
    spec, slots = bundle.manifest.separator, bundle.manifest.sources
    for sources, found in gains.items():
        for picks in mixes_of(pool, rows, sources, mixes, seed):
            truths = clips_of(pool, picks)
            mixture = truths.sum(0)
            separator = StreamingSeparator(models.separator, spec, slots, truths.shape[1])
            late = np.zeros(spec.latency_samples + spec.frame_samples, np.float32)
            estimates = separator.push(np.concatenate([mixture, late]))[:, : truths.shape[1]]
            table = si_sdr_db(estimates[:, None], truths[None])
            after = max(
                table[list(order), range(sources)].mean()
                for order in permutations(range(slots), sources)
            )
            before = float(si_sdr_db(mixture[None], truths).mean()) if sources > 1 else 0.0
            found.append(float(after) - before)
    one, two, three = (float(np.mean(gains[n])) for n in (1, 2, 3))
    return Separated(two, three, one)
