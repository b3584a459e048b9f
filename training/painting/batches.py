"""Batches for the generator's trainers: latents and what is asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from training.loop.trainer import Step
from training.painting.autoencoder_training import load_autoencoder
from training.painting.generator import Conditions, Painter
from training.painting.latents import LatentPool, encode_pool
from training.painting.pictures import PoolPlan, paint_pool, plans

SHARES = (0.6, 0.4)
"""Of scenes and of panels, in batches."""
UNSURE = 0.25
"""Share of the sources that are heard as something else to a degree."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures of one size; row by row."""

    latents: Tensor
    """f32 (b, 16, h, w)."""
    labels: Tensor
    """i64 (b, 4)."""
    other: Tensor
    """i64 (b, 4): the label that each source is taken for besides its own."""
    doubt: Tensor
    """f32 (b, 4): share of the other label, in [0, 1]."""
    looks: Tensor
    """i64 (b, 4)."""
    weights: Tensor
    """f32 (b, 4)."""
    places: Tensor
    """f32 (b, 4, 4)."""
    atmosphere: Tensor
    """f32 (b, 14)."""

    def conditions(self, painter: Painter, known: Tensor) -> Conditions:
        """The batch's conditions in a painter's own tokens."""
        table = painter.table
        concepts = torch.lerp(
            table[self.labels, self.looks], table[self.other, self.looks], self.doubt[..., None]
        )
        return Conditions(concepts, self.weights, self.places, self.atmosphere, known)


def open_pools(
    runs: Path, pictures: tuple[PoolPlan, ...] | None = None
) -> tuple[LatentPool, ...]:
    """The latents of every pool in a runs folder, painted and encoded when they are not yet."""
    autoencoder = load_autoencoder(runs / "autoencoder.pt")
    return tuple(
        encode_pool(paint_pool(runs, plan), autoencoder, runs / plan.name / "latents.npy")
        for plan in pictures or plans()
    )


def draw(
    pools: tuple[LatentPool, ...], batch: int, labels: int, step: Step, pairs: Tensor | None = None
) -> Batch:
    """Draws a batch of one size.

    pairs: (labels, n, labels) what the ear makes of sounds that were retrieved for each label; a
    source is heard as one of them. Without, a quarter of the sources is heard as another label to a
    degree.
    """
    rng = step.rng
    pool = pools[int(rng.choice(len(SHARES), p=SHARES))]
    rows = torch.from_numpy(rng.choice(len(pool.latents), batch, replace=False))
    meant = pool.labels[rows]
    if pairs is None:
        other = torch.from_numpy(rng.integers(0, labels, meant.shape))
        doubt = torch.from_numpy(rng.uniform(0, 0.35, meant.shape))
    else:
        heard = pairs[meant, torch.from_numpy(rng.integers(0, pairs.shape[1], meant.shape))]
        right = heard.gather(2, meant[..., None])[..., 0]
        wrong, other = heard.scatter(2, meant[..., None], -1.0).max(2)
        doubt = wrong / (wrong + right + 1e-6)
    doubt = doubt * torch.from_numpy(rng.uniform(size=meant.shape) < UNSURE)
    return Batch(
        step.put(pool.latents[rows].float()),
        step.put(meant),
        step.put(other),
        step.put(doubt.float()),
        step.put(pool.looks[rows]),
        step.put(pool.weights[rows]),
        step.put(pool.places[rows]),
        step.put(pool.atmosphere[rows]),
    )
