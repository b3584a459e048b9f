"""The generator with its table of concepts: what the picture trainers share."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from training.generator import CONCEPT, Generator
from training.latents import LatentPool
from training.vocabulary import LABELS


class Painter(nn.Module):
    """Generator plus one token per label, learned with it.

    The table makes painting independent of hearing: an adapter later maps the joint sound-text
    space onto it, and either side can be trained again without the other.
    """

    def __init__(self) -> None:
        super().__init__()
        self.generator = Generator()
        self.table = nn.Parameter(torch.randn(len(LABELS), CONCEPT))


def draw(
    pools: tuple[LatentPool, ...], shares: tuple[float, ...], batch: int, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Draws a batch of one size: latents f32 (b, 8, h, w), labels (b, 4), weights (b, 4)."""
    pool = pools[int(rng.choice(len(pools), p=shares))]
    rows = torch.from_numpy(rng.choice(len(pool.latents), batch, replace=False))
    latents = pool.latents[rows].float().to(memory_format=torch.channels_last)
    return latents, pool.labels[rows], pool.weights[rows]


def tokens_of(
    table: Tensor, labels: Tensor, rng: np.random.Generator, unsure: float = 0.25
) -> Tensor:
    """Concept tokens (b, 4, c) of labels, some of them drawn towards another concept.

    A real ear is never certain; its tokens lie between the concepts it hesitates over.
    """
    other = torch.from_numpy(rng.integers(0, len(table), labels.shape))
    share = torch.from_numpy(
        rng.uniform(0, 0.35, labels.shape) * (rng.uniform(size=labels.shape) < unsure)
    ).float()[..., None]
    return torch.lerp(table[labels], table[other], share)
