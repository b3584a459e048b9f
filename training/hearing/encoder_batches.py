"""Endless batches for the encoder, made from the pool's mel levels.

Everything happens on mel power, where mixing is addition and a separator is a soft mask, so that a
batch costs a few milliseconds: single sounds, two recordings of one kind, two sounds at once (soft
targets), and sounds as a separator would hand them over, with the other one's remains and holes
where it was.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.hearing.encoder_augment import augment_levels, degrade, mix_styles
from training.hearing.pool import TRAIN, Pool
from training.hearing.separated_slots import SeparatedLevels
from training.vocabulary import EVERYDAY, LABELS

MADE = 1.0
"""A label's synthesis is heard as often as so many recordings, but in no more than half of the
takes: one recording over and over would be learnt by heart."""
UNRECORDED = 0.5
"""How often a label without recordings is drawn, beside one with: it must not draw to itself
whatever does not sound like training's recordings."""
OFTEN = 2.0
"""How often an everyday sound is drawn beside the others: where two sound alike, as rain does and a
waterfall, it is the better guess."""
COMPANY = 0.5
"""Share of two sounds at once that are both everyday ones: what is often heard together."""
OUTSIDE = 0.12
"""Share of sounds outside the vocabulary: what none of its words fits."""
ALONE, NAMESAKES, SEPARATED = 0.33, 0.1, 0.32
"""Shares of the kinds of rows; the rest is two sounds at once."""
PRESENT = 0.15
"""Share of a slot from which it is drawn for a sound."""
SLOTS = 0.67
"""Share of real separated slots among rows that hold one sound, where there are any."""


@dataclass(frozen=True, slots=True)
class EncoderBatch:
    """levels (b, frames, bands) log10 power; targets (b, names) rows that sum to 1."""

    levels: Tensor
    targets: Tensor


class EncoderBatches:
    """Draws batches from a pool; the same seed draws the same batches."""

    def __init__(
        self,
        pool: Pool,
        splits: tuple[str, ...] = (TRAIN,),
        seed: int = 0,
        separated: SeparatedLevels | None = None,
    ) -> None:
        self.pool = pool
        self.separated = separated
        names = range(len(pool.names))
        self.slots: list[np.ndarray] = []
        if separated is not None:
            here = np.isin(separated.split, splits)
            self.slots = [np.flatnonzero(here & (separated.shares[:, i] > PRESENT)) for i in names]
        self.rng = np.random.default_rng(seed)
        self.torch_rng = torch.Generator().manual_seed(seed)
        chosen = np.isin(pool.split, splits)
        self.recordings: list[list[np.ndarray]] = []
        """Per label the rows of each recording: each is heard alike often."""
        self.synthesised: list[np.ndarray] = []
        for label in names:
            rows = np.flatnonzero(chosen & (pool.labels == label))
            origin = pool.recording[rows]
            self.recordings.append([rows[origin == o] for o in np.unique(origin[origin != ""])])
            self.synthesised.append(rows[origin == ""])
        recorded = any(self.recordings)
        present = np.array(
            [
                1.0 if r else (UNRECORDED if recorded else 1.0) * (len(s) > 0)
                for r, s in zip(self.recordings, self.synthesised, strict=True)
            ]
        )
        present *= [OFTEN if name in EVERYDAY else 1.0 for name in pool.names]
        inside, outside = present[: len(LABELS)], present[len(LABELS) :]
        share = OUTSIDE if outside.any() else 0.0
        self.chance = np.concatenate(
            [(1 - share) * inside / inside.sum(), share * outside / max(1.0, outside.sum())]
        )
        company = self.chance * np.array([name in EVERYDAY for name in pool.names])
        self.company = company / company.sum() if company.any() else self.chance

    def _row(self, label: int) -> int:
        recordings, made = self.recordings[label], self.synthesised[label]
        heard = len(recordings) / (len(recordings) + MADE)
        if recordings and (not len(made) or self.rng.uniform() < heard):
            made = recordings[self.rng.integers(len(recordings))]
        return int(made[self.rng.integers(len(made))])

    def _draw(self, labels: np.ndarray) -> Tensor:
        """(count, frames, bands) levels of other takes of sounds with these labels (count,)."""
        rows = [self._row(int(label)) for label in labels]
        levels = torch.from_numpy(np.asarray(self.pool.levels[rows], dtype=np.float32))
        return augment_levels(levels, self.torch_rng)

    def _rand(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self.torch_rng)

    def next(self, size: int) -> EncoderBatch:
        """One batch of `size` rows."""
        count = len(self.chance)
        labels = self.rng.choice(count, size, p=self.chance)
        other = self.rng.choice(count, size, p=self.chance)
        kind = self._rand(size)
        alone = kind < ALONE
        namesakes = ~alone & (kind < ALONE + NAMESAKES)
        apart = ~alone & ~namesakes & (kind < ALONE + NAMESAKES + SEPARATED)
        together = ~alone & ~namesakes & ~apart
        company = together.numpy() & (self.rng.uniform(size=size) < COMPANY)
        labels = np.where(company, self.rng.choice(count, size, p=self.company), labels)
        other = np.where(company, self.rng.choice(count, size, p=self.company), other)
        other = np.where(namesakes.numpy(), labels, other)
        power, rival = 10 ** self._draw(labels), 10 ** self._draw(other)
        gain_db = torch.randn(size, generator=self.torch_rng) * 6
        rival = rival * 10 ** (gain_db / 10)[:, None, None]
        both = power + rival
        heard = torch.where(apart[:, None, None], self._simulate_separation(power, rival), both)
        power = torch.where(alone[:, None, None], power, heard)

        targets = torch.zeros(size, count)
        rows = torch.arange(size)
        share = torch.where(alone | apart, torch.ones(size), torch.sigmoid(-gain_db / 4))
        targets[rows, torch.from_numpy(labels)] += share
        targets[rows, torch.from_numpy(other)] += 1 - share
        if self.separated is not None:
            wanted = (alone | apart).numpy()
            power, targets = self._with_slots(power, targets, labels, wanted)
        levels = mix_styles(degrade(power, self.torch_rng), self.torch_rng)
        return EncoderBatch(levels, targets)

    def _simulate_separation(self, power: Tensor, rival: Tensor) -> Tensor:
        """What a separator of some quality would leave of `power` in a mix with its rival."""
        size = len(power)
        hardness = (0.5 + 1.5 * self._rand(size))[:, None, None]
        mask = power**hardness / (power**hardness + rival**hardness + 1e-12)
        mask = torch.nn.functional.avg_pool2d(mask[:, None], (5, 3), 1, (2, 1))[:, 0]
        leak = 10 ** (-(0.4 + 2.4 * self._rand(size)))[:, None, None]
        return (power + rival) * torch.maximum(mask**2, leak)

    def _with_slots(
        self, power: Tensor, targets: Tensor, labels: np.ndarray, wanted: np.ndarray
    ) -> tuple[Tensor, Tensor]:
        """Puts slots of the real separator in place of two thirds of the wanted rows."""
        assert self.separated is not None
        power, targets = power.clone(), targets.clone()
        for i in np.flatnonzero(wanted & (self.rng.uniform(size=len(labels)) < SLOTS)):
            slots = self.slots[labels[i]]
            if len(slots):
                row = slots[self.rng.integers(len(slots))]
                levels = np.asarray(self.separated.levels[row], dtype=np.float32)
                power[i] = 10 ** augment_levels(torch.from_numpy(levels)[None], self.torch_rng)[0]
                targets[i] = torch.from_numpy(self.separated.shares[row].astype(np.float32))
        return power, targets
