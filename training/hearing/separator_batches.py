"""Endless mixtures with known parts for the separator, cut from the pool's waveforms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.hearing.pool import CLIP, RATE, Pool, training_rows

QUIETEST_DB, LOUDEST_DB = -30.0, 6.0
"""Overall gain over the pool's loudness: a far sound in a quiet room to a near one."""


@dataclass(frozen=True, slots=True)
class Mixtures:
    """mixture (b, n) = truths (b, 4, n) summed; absent truths are zeros."""

    mixture: Tensor
    truths: Tensor


class SeparatorBatches:
    """Draws mixtures of one to three sounds of different labels; the same seed draws the same."""

    def __init__(
        self,
        pool: Pool,
        fold: int | None = None,
        seed: int = 0,
        seconds: float = 3.0,
        slots: int = 4,
    ) -> None:
        """fold: whose recordings are kept away; None for nobody's."""
        self.pool, self.slots = pool, slots
        self.samples = min(CLIP, int(seconds * RATE) // 128 * 128)
        self.rng = np.random.default_rng(seed)
        chosen = training_rows(pool, fold)
        self.rows = [np.flatnonzero(chosen & (pool.labels == i)) for i in range(len(pool.names))]
        self.present = [i for i, rows in enumerate(self.rows) if len(rows)]

    def _sounds(self, count: int) -> Tensor:
        """(count, n) stretches of sounds of different labels at their mixed loudness."""
        labels = self.rng.choice(self.present, count, replace=False)
        out = np.zeros((count, self.samples), np.float32)
        for i, label in enumerate(labels):
            row = self.rng.choice(self.rows[label])
            at = int(self.rng.integers(0, CLIP - self.samples + 1))
            sound = self.pool.clips[row, at : at + self.samples].astype(np.float32)
            if self.rng.uniform() < 0.3:
                # Comes in or goes away within the stretch.
                edge = int(self.rng.uniform(0.2, 0.8) * self.samples)
                ramp = np.clip((np.arange(self.samples) - edge) / 1600.0, 0, 1)
                sound = sound * (ramp if self.rng.uniform() < 0.5 else 1 - ramp).astype(np.float32)
            out[i] = sound * 10 ** (float(self.rng.normal(0, 4)) / 20)
        return torch.from_numpy(out)

    def next(self, size: int, counts: tuple[float, float, float] = (0.08, 0.62, 0.3)) -> Mixtures:
        """One batch; `counts` are the chances of one, two and three sounds."""
        truths = torch.zeros(size, self.slots, self.samples)
        for i in range(size):
            sounds = self._sounds(1 + int(self.rng.choice(3, p=counts)))
            gain = 10 ** (float(self.rng.uniform(QUIETEST_DB, LOUDEST_DB)) / 20)
            truths[i, : len(sounds)] = sounds * gain
        return Mixtures(truths.sum(1), truths)
