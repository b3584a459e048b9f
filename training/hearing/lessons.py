"""What the encoder learns from: batches of one to three sounds at once, made on mel power.

Function matching (Beyer et al. 2021, "Knowledge distillation: a good teacher is patient and
consistent"): the teacher heard each sound alone, as it was rendered; the student hears the sounds
mixed, augmented, degraded and cut to one, two or four seconds, and has to predict the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.hearing.encoder_augment import augment_levels, degrade, mix_styles
from training.hearing.pool import Pool, training_rows
from training.vocabulary import EVERYDAY, LABELS

SOUNDS = (0.4, 0.38, 0.22)
"""Shares of rows that hold one, two and three sounds."""
SPREAD_DB = 5.0
"""Of the levels of the sounds of a row."""
AUDIBLE, INAUDIBLE = 0.03, 0.006
"""Share of a row's power above which a label counts as present, and up to which it counts as
absent; between the two its target is NaN, which the loss leaves out."""
LENGTHS = ((250, 0.3), (125, 0.4), (63, 0.3))
"""Frames that a batch is cut to, four, two and one second, with their chance: a show hears the
last four seconds and the last one, and short pieces take less time to learn from."""
MADE = 0.25
"""Share of a label's takes that are synthesised, where it has recordings too: more than one of them
each is worth, as the built-in soundscape is made of them."""
OFTEN, UNRECORDED, OUTSIDE = 1.7, 0.5, 0.2
"""How often an everyday label is drawn beside the others, and one without recordings; share of
sounds outside the vocabulary."""
EMPTY = 0.02
"""Share of rows that hold noise alone."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """One batch of b rows."""

    levels: Tensor
    """(b, frames, bands) log10 mel power."""
    shares: Tensor
    """(b, names) each name's share of what sounds, rows that sum to 1 (0 for noise)."""
    present: Tensor
    """(b, labels + 1) 1 where a label sounds, 0 where not, NaN where it is too soft to tell; the
    last column: something outside the vocabulary."""
    tags: Tensor
    """(b, 527) the teacher's probabilities of the audible sounds, taken together (noisy or); NaN
    without a teacher."""
    features: Tensor
    """(b, 384) the teacher's of a row's one sound; NaN in rows with more or none."""


class LessonDrawer:
    """Draws batches from a pool; the same seed draws the same batches."""

    def __init__(self, pool: Pool, fold: int | None, seed: int = 0) -> None:
        self.pool = pool
        self.rng = np.random.default_rng(seed)
        self.torch_rng = torch.Generator().manual_seed(seed)
        chosen = training_rows(pool, fold)
        self.recordings: list[list[np.ndarray]] = []
        self.made: list[np.ndarray] = []
        chance = []
        for number, name in enumerate(pool.names):
            rows = np.flatnonzero(chosen & (pool.labels == number))
            origin = pool.recording[rows]
            theirs = [rows[origin == each] for each in np.unique(origin[origin != ""])]
            self.recordings.append(theirs)
            self.made.append(rows[origin == ""])
            known = number < len(LABELS)
            weight = 1.0 if theirs else UNRECORDED if rows.size else 0.0
            # A label of many recordings may be drawn more often than one that has a few.
            weight *= 1 + 0.25 * min(len(theirs), 40) ** 0.5
            chance.append((weight, known, OFTEN if name in EVERYDAY else 1.0))
        weights = np.array([weight * often for weight, _, often in chance])
        known = np.array([known for _, known, _ in chance])
        share = OUTSIDE if weights[~known].any() else 0.0
        self.chance = np.where(
            known,
            (1 - share) * weights / weights[known].sum(),
            share * weights / max(1e-9, weights[~known].sum()),
        )

    def draw_take(self, label: int) -> int:
        """A take of a label, its recordings and its synthesis in turn."""
        recordings, made = self.recordings[label], self.made[label]
        if recordings and (not len(made) or self.rng.uniform() >= MADE):
            made = recordings[self.rng.integers(len(recordings))]
        return int(made[self.rng.integers(len(made))])

    def next(self, size: int) -> Lessons:
        """One batch of `size` rows."""
        count = self.rng.choice(3, size, p=SOUNDS) + 1
        owner = np.repeat(np.arange(size), count)
        labels = self.rng.choice(len(self.chance), len(owner), p=self.chance)
        takes = np.array([self.draw_take(int(label)) for label in labels])
        levels = torch.from_numpy(np.asarray(self.pool.levels[takes], dtype=np.float32))
        power = 10 ** augment_levels(levels, self.torch_rng)
        length = LENGTHS[self.rng.choice(len(LENGTHS), p=[chance for _, chance in LENGTHS])][0]
        frames = power.shape[1]
        if length < frames:
            power = self._cut(power, owner, size, length)
        gain = 10 ** (self.rng.normal(0, SPREAD_DB, len(owner)) / 10)
        empty = self.rng.uniform(size=size) < EMPTY
        gain[empty[owner]] = 0.0
        power = power * torch.from_numpy(gain).float()[:, None, None]
        own = power.sum((1, 2))
        rows = torch.from_numpy(owner)
        mixed = torch.zeros(size, *power.shape[1:]).index_add_(0, rows, power)
        share = own / torch.zeros(size).index_add_(0, rows, own).clamp(min=1e-12)[rows]
        if empty.any():
            mixed[torch.from_numpy(empty)] = 1e-7
        return Lessons(
            mix_styles(degrade(mixed, self.torch_rng), self.torch_rng),
            *self._targets(rows, labels, takes, share, size),
        )

    def _cut(self, power: Tensor, owner: np.ndarray, size: int, length: int) -> Tensor:
        """A piece of each row, the same for all its sounds, in which something sounds."""
        frames = power.shape[1]
        loud = power.sum(2).cumsum(1)
        best = torch.zeros(len(owner), length, power.shape[2])
        starts = self.rng.integers(0, frames - length + 1, (size, 4))
        for row in range(size):
            mine = np.flatnonzero(owner == row)
            total = [float((loud[mine, s + length - 1] - loud[mine, s]).sum()) for s in starts[row]]
            # The loudest of four places, now and then the first at hand.
            at = int(starts[row][int(np.argmax(total)) if self.rng.uniform() < 0.7 else 0])
            best[mine] = power[mine, at : at + length]
        return best

    def _targets(
        self, rows: Tensor, labels: np.ndarray, takes: np.ndarray, share: Tensor, size: int
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The batch's shares, present, tags and features, as in `Lessons`.

        rows: (k,) the row of each sound. labels, takes: (k,) its label and its take in the pool.
        share: (k,) of its row's power. size: rows of the batch.
        """
        number = torch.from_numpy(labels)
        shares = torch.zeros(size, len(self.pool.names))
        shares.index_put_((rows, number), share, accumulate=True)
        column = torch.where(number < len(LABELS), number, len(LABELS))
        present = torch.zeros(size, len(LABELS) + 1)
        unsure = (share > INAUDIBLE) & (share <= AUDIBLE)
        present[rows[unsure], column[unsure]] = torch.nan
        sure = share > AUDIBLE
        present[rows[sure], column[sure]] = 1.0
        logits = torch.from_numpy(np.asarray(self.pool.logits[takes], dtype=np.float32))
        absent = torch.nn.functional.logsigmoid(-logits) * sure[:, None]
        tags = 1 - torch.zeros(size, logits.shape[1]).index_add_(0, rows, absent).exp()
        features = torch.full((size, self.pool.features.shape[1]), torch.nan)
        if not self.pool.has_teacher:
            return shares, present, torch.full_like(tags, torch.nan), features
        alone = (torch.bincount(rows, minlength=size)[rows] == 1) & sure
        features[rows[alone]] = torch.from_numpy(
            np.asarray(self.pool.features[takes[alone.numpy()]], dtype=np.float32)
        )
        return shares, present, tags, features
