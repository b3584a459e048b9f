"""Endless batches for the encoder, made from the pool's mel levels.

Everything happens on mel power, where mixing is addition and a separator is a soft mask, so that a
batch costs a few milliseconds: single sounds, two sounds at once (soft targets), and sounds as a
separator would hand them over, with the other one's remains and holes where it was.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.separated_levels import SeparatedLevels
from training.sound_pool import TRAIN, Pool
from training.vocabulary import LABELS

FLOOR = 1e-9
"""Power added by the encoder's front end."""


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
        self.slots: list[np.ndarray] = []
        if separated is not None:
            here = np.isin(separated.split, splits)
            names = range(len(pool.names))
            self.slots = [np.flatnonzero(here & (separated.labels == i)) for i in names]
        self.rng = np.random.default_rng(seed)
        self.torch_rng = torch.Generator().manual_seed(seed)
        chosen = np.isin(pool.split, splits)
        self.groups: list[tuple[np.ndarray, np.ndarray]] = []
        for label in range(len(pool.names)):
            here = chosen & (pool.labels == label)
            real = np.flatnonzero(here & (pool.recording != ""))
            made = np.flatnonzero(here & (pool.recording == ""))
            self.groups.append((real, made))
        counts = [len(real) + len(made) for real, made in self.groups]
        inside = np.array([c > 0 for c in counts[: len(LABELS)]], float)
        outside = np.array([c > 0 for c in counts[len(LABELS) :]], float)
        share = 0.12 if outside.any() else 0.0
        self.chance = np.concatenate(
            [(1 - share) * inside / inside.sum(), share * outside / max(1.0, outside.sum())]
        )

    def _draw(self, count: int, label: int | None = None) -> tuple[Tensor, np.ndarray]:
        """(levels (count, frames, bands), labels): over labels evenly, recordings first."""
        labels = self.rng.choice(len(self.chance), count, p=self.chance)
        if label is not None:
            labels[:] = label
        rows = []
        for drawn in labels:
            real, made = self.groups[drawn]
            group = real if len(real) and (not len(made) or self.rng.uniform() < 0.7) else made
            rows.append(group[self.rng.integers(len(group))])
        levels = torch.from_numpy(np.asarray(self.pool.levels[rows], dtype=np.float32))
        return self._moved(levels), labels

    def _rand(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self.torch_rng)

    def _moved(self, levels: Tensor) -> Tensor:
        """Other microphone (smooth equaliser), a little higher or lower, earlier or later."""
        b, frames, bands = levels.shape
        knots = torch.randn(b, 1, 6, generator=self.torch_rng) * 0.3
        curve = torch.nn.functional.interpolate(
            knots, size=bands, mode="linear", align_corners=True
        )
        levels = levels + curve
        move = torch.round((self._rand(b) * 2 - 1) * 3 * (self._rand(b) < 0.4)).long()
        bins = (torch.arange(bands)[None] + move[:, None]).clamp(0, bands - 1)
        levels = levels.gather(2, bins[:, None].expand(b, frames, bands))
        late = torch.round((self._rand(b) * 2 - 1) * 0.6 * frames * (self._rand(b) < 0.4)).long()
        at = torch.arange(frames)[None] - late[:, None]
        inside = (at >= 0) & (at < frames)
        levels = levels.gather(1, at.clamp(0, frames - 1)[:, :, None].expand(b, frames, bands))
        return torch.where(inside[:, :, None], levels, torch.tensor(-9.0))

    def next(self, size: int, label: int | None = None, whole: bool = False) -> EncoderBatch:
        """One batch: 45 % single, 37 % as separated from another sound, 18 % two at once.

        With a `label` all rows are of it, alone when `whole`, else as separated from another sound.
        """
        first, labels = self._draw(size, label)
        second, other = self._draw(size)
        kind = self._rand(size)
        if label is not None:
            kind = torch.full((size,), 0.0 if whole else 0.5)
        power, rival = 10**first, 10**second
        gain_db = torch.randn(size, generator=self.torch_rng) * 6
        rival = rival * 10 ** (gain_db / 10)[:, None, None]

        hardness = (0.5 + 1.5 * self._rand(size))[:, None, None]
        mask = power**hardness / (power**hardness + rival**hardness + 1e-12)
        mask = torch.nn.functional.avg_pool2d(mask[:, None], (5, 3), 1, (2, 1))[:, 0]
        leak = 10 ** (-(0.4 + 2.4 * self._rand(size)))[:, None, None]
        separated = (power + rival) * torch.maximum(mask**2, leak)
        together = power + rival
        pick = kind[:, None, None]
        power = torch.where(pick < 0.45, power, torch.where(pick < 0.82, separated, together))

        targets = torch.zeros(size, len(self.chance))
        rows = torch.arange(size)
        share = torch.where(kind < 0.82, torch.ones(size), torch.sigmoid(-gain_db / 4))
        targets[rows, torch.from_numpy(labels)] += share
        targets[rows, torch.from_numpy(other)] += 1 - share
        if self.separated is not None:
            kept = kind < 0.82 if label is None else kind > 0
            power = self._with_slots(power, labels, kept.numpy())
        return EncoderBatch(self._worn(power), targets)

    def _with_slots(self, power: Tensor, labels: np.ndarray, wanted: np.ndarray) -> Tensor:
        """Puts slots of the real separator in place of two thirds of the wanted rows."""
        assert self.separated is not None
        power = power.clone()
        for i in np.flatnonzero(wanted & (self.rng.uniform(size=len(labels)) < 0.67)):
            slots = self.slots[labels[i]]
            if len(slots):
                row = self.separated.levels[slots[self.rng.integers(len(slots))]]
                levels = torch.from_numpy(np.asarray(row, dtype=np.float32))[None]
                power[i] = 10 ** self._moved(levels)[0]
        return power

    def _worn(self, power: Tensor) -> Tensor:
        """Noise of the room and the microphone, holes, distance; power -> log10 power."""
        b, frames, bands = power.shape
        loudest = power.amax(dim=(1, 2), keepdim=True)
        tilt = (self._rand(b, 1, 1) * 3 - 0.5) * torch.linspace(0, 1, bands)
        hiss = -torch.log(self._rand(b, frames, bands) + 1e-6) * 0.5 + 0.5
        under = 10 ** -(1.5 + 5 * self._rand(b, 1, 1))
        power = power + loudest * under * hiss * 10**-tilt * (self._rand(b, 1, 1) < 0.7)
        for axis, length, widest in (
            (1, frames, 50),
            (1, frames, 50),
            (2, bands, 10),
            (2, bands, 10),
        ):
            start = self._rand(b, 1) * length
            width = self._rand(b, 1) * widest * (self._rand(b, 1) < 0.4)
            place = torch.arange(length)[None]
            hole = (place >= start) & (place < start + width)
            shape = (b, frames, 1) if axis == 1 else (b, 1, bands)
            power = torch.where(hole.reshape(shape), power * 1e-3, power)
        distance = 10 ** (1 - 4 * self._rand(b, 1, 1))
        return torch.log10(power * distance + FLOOR)
