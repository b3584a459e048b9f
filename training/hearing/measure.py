"""How well a bundle hears, in figures: labels, confusion, separation, and pairs of sounds.

Everything runs through the exported models and, for pairs, through the engine itself, on plain
windows of recordings that training never met. The definitions: hearing accuracy is the share of
windows whose first label is right, mean over labels; SI-SDRi is the best permutation's improvement
over the mixture; R@2* is the share of two-sound mixes at equal loudness whose two labels are the
first two over the tracked sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle.load import Bundle, BundleModels
from engine.detection.open import open_hearer
from engine.hearing.encoding import Encoder
from engine.hearing.separation import StreamingSeparator
from engine.packets import F32
from training.hearing.losses import si_sdr
from training.hearing.pool import PLAIN, Pool

F64 = NDArray[np.float64]
BATCH = 16
SETTLED_S = 1.0
"""The engine's first second is not asked: tracks are still being born."""


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
    ghost_db: float
    """Level of the loudest slot that holds no source, over the mixture of two; the less the
    better."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Shares of two-sound mixes in [0, 1]."""

    r_at_2: float
    """R@2*: both labels are the first two over the tracked sources."""
    r_at_1: float
    """The first label is one of the two."""
    mixture_r_at_2: float
    """Baseline: the first two labels of the mixture, encoded without separation."""
    energy_r_at_2: float
    """Baseline: tracked sources weighed by their share of the power instead of significance."""
    pairs: int


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


def windows_of(pool: Pool, labels: Sequence[str], split: str = PLAIN) -> NDArray[np.int64]:
    """Rows of the split in which something sounds and whose label is among the first of the pool's
    names, the vocabulary.

    Raises ValueError when the pool was made for another vocabulary.
    """
    if tuple(pool.names[: len(labels)]) != tuple(labels):
        raise ValueError("the pool was made for another vocabulary than the bundle's")
    rows = np.flatnonzero((pool.split == split) & (pool.labels < len(labels)))
    return rows[np.array([bool(pool.clips[row].any()) for row in rows], bool)]


def clips_of(pool: Pool, rows: Sequence[int] | NDArray[np.int64]) -> F32:
    """(rows, samples) waveforms."""
    return np.asarray(pool.clips[np.asarray(rows)], dtype=np.float32)


def hearing_of_bundle(
    bundle: Bundle, models: BundleModels, pool: Pool, split: str = PLAIN
) -> Heard | None:
    """Names every window of the split by the encoder alone; None when there are none."""
    labels = bundle.manifest.labels
    rows = windows_of(pool, labels, split)
    if not len(rows):
        return None
    manifest = bundle.manifest
    encoder = Encoder(models.encoder, bundle.vocabulary, labels, manifest.label_temperature)
    found = [
        encoder.embed(clips_of(pool, rows[at : at + BATCH])) for at in range(0, len(rows), BATCH)
    ]
    return heard_of_scores(np.concatenate(found) @ bundle.vocabulary.T, pool.labels[rows], labels)


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
    bundle: Bundle,
    models: BundleModels,
    pool: Pool,
    split: str = PLAIN,
    mixes: int = 96,
    seed: int = 1,
) -> Separated | None:
    """Streams mixes of one, two and three windows; None with fewer than three labels."""
    rows = windows_of(pool, bundle.manifest.labels, split)
    if len(np.unique(pool.labels[rows])) < 3:
        return None
    gains: dict[int, list[float]] = {1: [], 2: [], 3: []}
    ghosts = []
    spec, slots = bundle.manifest.separator, bundle.manifest.sources
    for sources, found in gains.items():
        for picks in mixes_of(pool, rows, sources, mixes, seed):
            truths = clips_of(pool, picks)
            mixture = truths.sum(0)
            separator = StreamingSeparator(models.separator, spec, slots, truths.shape[1])
            late = np.zeros(spec.latency_samples + spec.frame_samples, np.float32)
            estimates = separator.push(np.concatenate([mixture, late]))[:, : truths.shape[1]]
            table = si_sdr_db(estimates[:, None], truths[None])
            best = max(
                permutations(range(slots), sources),
                key=lambda order: table[list(order), range(sources)].sum(),
            )
            after = float(table[list(best), range(sources)].mean())
            before = float(si_sdr_db(mixture[None], truths).mean()) if sources > 1 else 0.0
            found.append(after - before)
            if sources == 2:
                others = np.delete(estimates, best, axis=0)
                loudest = float((others**2).sum(1).max())
                ghosts.append(10 * np.log10((loudest + 1e-9) / (float((mixture**2).sum()) + 1e-9)))
    one, two, three = (float(np.mean(gains[n])) for n in (1, 2, 3))
    return Separated(two, three, one, float(np.mean(ghosts)))


def pairs_of_bundle(
    bundle: Bundle,
    models: BundleModels,
    pool: Pool,
    split: str = PLAIN,
    pairs: int = 96,
    seed: int = 2,
) -> Pairs | None:
    """R@2* and its baselines; None with fewer than two labels.

    A label's score is its greatest probability times significance over the tracked sources of all
    hearings of the mix after the first second.
    """
    manifest = bundle.manifest
    rows = windows_of(pool, manifest.labels, split)
    encoder = Encoder(
        models.encoder, bundle.vocabulary, manifest.labels, manifest.label_temperature
    )
    hits: list[tuple[bool, bool, bool, bool]] = []
    for picks in mixes_of(pool, rows, 2, pairs, seed):
        truth = set(pool.labels[picks].tolist())
        mixture = clips_of(pool, picks).sum(0)
        hearer = open_hearer(bundle, models)
        significant, energetic = (np.zeros(len(manifest.labels)) for _ in range(2))
        windows = []
        for hearing in hearer.push(mixture, 0.0):
            if hearing.stamp.end_s < SETTLED_S:
                continue
            named = [s for s in hearing.sources if not s.is_unknown]
            powers = [10 ** (s.loudness_lufs / 10) for s in named]
            for source, power in zip(named, powers, strict=True):
                p = encoder.probabilities(source.embedding)
                significant = np.maximum(significant, p * source.significance)
                energetic = np.maximum(energetic, p * np.sqrt(power / sum(powers)))
            end = hearing.stamp.end_sample
            windows.append(np.pad(mixture[:end], (max(0, mixture.size - end), 0))[-mixture.size :])
        whole = encoder.probabilities(encoder.embed(np.stack(windows[::4]))).max(0)
        order = np.argsort(-significant, kind="stable")
        hits.append(
            (
                _both(significant, truth),
                int(order[0]) in truth,
                _both(whole, truth),
                _both(energetic, truth),
            )
        )
    if not hits:
        return None
    r_at_2, r_at_1, mixture_r_at_2, energy_r_at_2 = (float(x) for x in np.mean(hits, axis=0))
    return Pairs(r_at_2, r_at_1, mixture_r_at_2, energy_r_at_2, len(hits))


def _both(scores: F32 | F64, truth: set[int]) -> bool:
    return set(np.argsort(-scores, kind="stable")[:2].tolist()) == truth
