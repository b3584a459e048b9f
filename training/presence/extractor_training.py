"""Training of the extractor: asked for a label, it is to give the sum of that label's sounds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.hearing.losses import level_loss, si_sdr, thresholded_snr_loss
from training.hearing.separator import Separator
from training.loop.muon import muon_for
from training.loop.rates import SEPARATOR
from training.loop.trainer import Step, load_checkpoint, train_for
from training.presence.extractor import Extraction, Extractor
from training.presence.lessons import LessonDrawer, held_out_rows
from training.presence.pool import CLIP, RATE, Pool
from training.vocabulary import LABELS

COUNTS = (0.12, 0.48, 0.28, 0.12)
"""Shares of mixtures of one to four sounds."""
ABSENT = 0.25
"""Share of questions for a label that does not sound: what is heard wrongly must stay silent."""
SPREAD_DB = 4.0
QUIETEST_DB, LOUDEST_DB = -30.0, 6.0
"""Overall gain over the pool's loudness: a far sound in a quiet room to a near one."""
COMES_OR_GOES = 0.3
"""Share of sounds that begin or end inside a mixture."""


@dataclass(frozen=True, slots=True)
class Questions:
    """b mixtures of one second or more, and a question about each."""

    mixture: Tensor
    """(b, n)."""
    wanted: Tensor
    """(b, n) the sum of what was asked for; zeros where that does not sound."""
    label: Tensor
    """(b,) which label."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """Of plain windows of recordings that training never met, mixed at equal power."""

    two_sources_db: float
    """SI-SDR improvement over the mixture, asked for the right labels; mean."""
    three_sources_db: float
    alone_db: float
    """SI-SDR where the label asked for sounds alone."""
    absent_db: float
    """Level of what is given for a label that does not sound, under the mixture; median."""


class QuestionDrawer:
    """Draws mixtures and questions from a pool; the same seed draws the same."""

    def __init__(self, pool: Pool, fold: int | None, seed: int = 0, seconds: float = 3.0) -> None:
        self.pool = pool
        self.samples = min(CLIP, int(seconds * RATE) // 128 * 128)
        self.sounds = LessonDrawer(pool, fold, seed)
        self.rng = self.sounds.rng

    def _sound(self, label: int) -> np.ndarray:
        at = int(self.rng.integers(0, CLIP - self.samples + 1))
        take = self.sounds.draw_take(label)
        sound = self.pool.clips[take, at : at + self.samples].astype(np.float32)
        if self.rng.uniform() < COMES_OR_GOES:
            edge = int(self.rng.uniform(0.2, 0.8) * self.samples)
            ramp = np.clip((np.arange(self.samples) - edge) / (0.1 * RATE), 0, 1)
            sound = sound * (ramp if self.rng.uniform() < 0.5 else 1 - ramp).astype(np.float32)
        return sound * 10 ** (float(self.rng.normal(0, SPREAD_DB)) / 20)

    def next(self, size: int) -> Questions:
        """One batch of `size` mixtures."""
        mixture = np.zeros((size, self.samples), np.float32)
        wanted = np.zeros_like(mixture)
        asked = np.zeros(size, np.int64)
        chance = self.sounds.chance
        for row in range(size):
            count = 1 + int(self.rng.choice(len(COUNTS), p=COUNTS))
            labels = self.rng.choice(len(chance), count, replace=False, p=chance)
            known = [int(label) for label in labels if label < len(LABELS)]
            if known and self.rng.uniform() >= ABSENT:
                asked[row] = self.rng.choice(known)
            else:
                asked[row] = self.rng.choice(np.setdiff1d(np.arange(len(LABELS)), labels))
            gain = 10 ** (float(self.rng.uniform(QUIETEST_DB, LOUDEST_DB)) / 20)
            for label in labels:
                sound = gain * self._sound(int(label))
                mixture[row] += sound
                if label == asked[row]:
                    wanted[row] += sound
        return Questions(*(torch.from_numpy(each) for each in (mixture, wanted, asked)))


def extraction_loss(extraction: Extraction, spectrum: tuple[Tensor, Tensor]) -> Tensor:
    """(b,) thresholded SNR and level of the masked mixture against the spectrum that is wanted."""
    mask = extraction.mask[:, :, 0].float()
    bins = mask.shape[2]
    # inner bins of a real spectrum stand for two
    weight = mask.new_full((bins,), 2.0)
    weight[0] = weight[-1] = 1.0
    weight = weight / (4 * (bins - 1))
    re, im = extraction.re, extraction.im
    error = ((mask * re - spectrum[0]) ** 2 + (mask * im - spectrum[1]) ** 2) * weight
    mixed = (re * re + im * im) * weight
    power = ((spectrum[0] ** 2 + spectrum[1] ** 2) * weight).sum((1, 2))
    own = (mask * mask * mixed).sum((1, 2))
    whole = mixed.sum((1, 2))
    return thresholded_snr_loss(error.sum((1, 2)), power, whole) + level_loss(own, power, whole)


def load_extractor(path: Path) -> Extractor:
    """The averaged weights of a checkpoint, ready to use. Raises FileNotFoundError."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(
            f"no checkpoint {path}: run python -m training.train_extractor first"
        )
    model = Extractor()
    model.load_state_dict(saved["average"])
    return model.eval()


@torch.no_grad()
def measure(model: Extractor, pool: Pool, fold: int, mixes: int = 64) -> Extracted | None:
    """Takes fixed mixes of recordings that the fold keeps away apart; None where too few."""
    model.eval()
    rng = np.random.default_rng(1)
    rows = np.flatnonzero(pool.plain & held_out_rows(pool, fold) & (pool.labels < len(LABELS)))
    labels = np.unique(pool.labels[rows])
    if len(labels) < 3:
        return None
    found: dict[int, list[float]] = {1: [], 2: [], 3: []}
    absent: list[float] = []
    for sources in found:
        for _ in range(mixes):
            chosen = rng.choice(labels, sources, replace=False)
            picks = [int(rng.choice(rows[pool.labels[rows] == label])) for label in chosen]
            clips = np.asarray(pool.clips[picks], dtype=np.float32)
            truths = torch.from_numpy(clips / (clips.std(1, keepdims=True) + 1e-9) * 0.05)
            mixture = truths.sum(0)
            other = int(rng.choice(np.setdiff1d(np.arange(len(LABELS)), chosen)))
            asked = torch.tensor([*chosen.tolist(), other])
            given = model.extract(mixture.expand(sources + 1, -1), asked)
            after = si_sdr(given[:sources], truths)
            before = si_sdr(mixture[None].expand_as(truths), truths) if sources > 1 else 0.0
            found[sources].append(float((after - before).mean()))
            level = given[sources].square().mean() / mixture.square().mean()
            absent.append(float(10 * torch.log10(level + 1e-9)))
    means = {sources: float(np.mean(each)) for sources, each in found.items()}
    return Extracted(means[2], means[3], means[1], float(np.median(absent)))


def train(
    pool: Pool, out: Path, *, fold: int | None, minutes: float, steps: int | None = None,
    batch: int = 16, rate: float = SEPARATOR, seed: int = 0, every: int = 1000,
    seconds: float = 3.0, start: Separator | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Trains for so many minutes or steps (resumed time counts); saves `out`; returns what was
    measured last.

    fold: its recordings are kept away and measured by; None: every recording is learnt from.
    start: whose hearing a new one begins with.
    """
    torch.manual_seed(seed)
    model, averaged = Extractor(), Extractor()
    if start is not None:
        model.begin_from(start)
    done = load_checkpoint(out)
    drawer = QuestionDrawer(pool, fold, seed + (done["step"] if done else 0), seconds)

    def loss_of(step: Step) -> Tensor:
        drawn = drawer.next(batch)
        mixture, label = step.put(drawn.mixture), step.put(drawn.label)
        with step.autocast():
            extraction = model.masks_for(mixture, model.labels(label))
        return extraction_loss(extraction, model.spectra_of(step.put(drawn.wanted))).mean()

    def check(_: Step) -> dict[str, Any]:
        # with every recording in training this is no measure, only a sign of life
        found = measure(averaged, pool, fold or 0)
        return asdict(found) if found else {}

    train_for(
        minutes, out, model, loss_of, rate, "extractor", seed, 0.998, steps, averaged=averaged,
        check=check, check_every=every, clip=5.0,
        make_optimiser=partial(muon_for, apart=[model.enter, model.masks, model.asked]),
    )  # fmt: skip
    saved = load_checkpoint(out)
    return dict(saved["facts"]) if saved else {}
