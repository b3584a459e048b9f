"""Pictures as latents, cached beside their pool: the generator's trainers read nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from training.autoencoder import Autoencoder, to_model
from training.pictures import PicturePool


@dataclass(frozen=True, slots=True)
class LatentPool:
    """Latents of one picture size and what sounds in them."""

    latents: Tensor
    """bf16 (n, 8, h, w), zero mean and unit variance."""
    labels: Tensor
    """i64 (n, 4); 0 where there is no source (its weight is 0)."""
    weights: Tensor
    """f32 (n, 4)."""


@torch.no_grad()
def encode_pool(pool: PicturePool, autoencoder: Autoencoder, cache: Path) -> LatentPool:
    """Encodes a pool, or opens its cache. A cache belongs to one autoencoder: name it so."""
    if not cache.exists():
        parts = []
        for rows in tqdm(
            np.array_split(np.arange(len(pool.pictures)), 1 + len(pool.pictures) // 32),
            desc="encoding",
            unit="batch",
            mininterval=5,
        ):
            pictures = to_model(torch.from_numpy(pool.pictures[rows]))
            with torch.autocast("cpu", torch.bfloat16):
                parts.append(autoencoder.encode(pictures).half().numpy())
        part = cache.with_suffix(".part.npy")
        np.save(part, np.concatenate(parts))
        part.replace(cache)
    return LatentPool(
        torch.from_numpy(np.load(cache)).to(torch.bfloat16),
        torch.from_numpy(np.maximum(pool.labels, 0)),
        torch.from_numpy(pool.weights),
    )
