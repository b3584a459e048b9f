"""Pictures as latents, cached beside their pool: the generator's trainers read nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from training.loop.trainer import best_device
from training.loop.whole_files import write_array
from training.painting.autoencoder import Autoencoder, to_model
from training.painting.painted_pictures import PaintedPictures


@dataclass(frozen=True, slots=True)
class LatentPool:
    """Latents of one picture size and what is in them; every picture and then every mirrored one.

    Side is nothing that a sound knows, so the mirrored picture is as good as the painted one.
    """

    latents: Tensor
    """bf16 (2n, 16, h, w), zero mean and unit variance."""
    labels: Tensor
    """i64 (2n, 4); 0 where there is no source (its weight is 0)."""
    weights: Tensor
    """f32 (2n, 4)."""
    places: Tensor
    """f32 (2n, 4, 4)."""
    looks: Tensor
    """i64 (2n, 4)."""
    atmosphere: Tensor
    """f32 (2n, 14)."""


def mirror(places: np.ndarray) -> np.ndarray:
    """(..., 4) places in the mirrored picture."""
    x, y, height, facing = np.moveaxis(places, -1, 0)
    return np.stack([1 - x, y, height, -facing], axis=-1)


@torch.no_grad()
def encode_pool(pool: PaintedPictures, autoencoder: Autoencoder, cache: Path) -> LatentPool:
    """Encodes a pool, or opens its cache. A cache belongs to one autoencoder: name it so."""
    if not cache.exists():
        device, parts = best_device(), ([], [])
        autoencoder = autoencoder.to(device)
        for rows in tqdm(
            np.array_split(np.arange(len(pool.pictures)), 1 + len(pool.pictures) // 16),
            desc=f"encoding {cache.parent.name}",
            unit="batch",
            mininterval=5,
        ):
            pictures = to_model(torch.from_numpy(pool.pictures[rows]).to(device))
            with torch.autocast(device.type, torch.bfloat16):
                for part, shown in zip(parts, (pictures, pictures.flip(3)), strict=True):
                    shown = shown.contiguous(memory_format=torch.channels_last)
                    part.append(autoencoder.encode(shown).half().cpu().numpy())
        autoencoder.cpu()
        write_array(cache, np.concatenate([*parts[0], *parts[1]]))

    def twice(rows: np.ndarray) -> Tensor:
        return torch.from_numpy(np.concatenate([rows, rows]))

    return LatentPool(
        torch.from_numpy(np.load(cache)).to(torch.bfloat16),
        twice(np.maximum(pool.labels, 0)),
        twice(pool.weights),
        torch.from_numpy(np.concatenate([pool.places, mirror(pool.places)])),
        twice(pool.looks),
        twice(pool.atmosphere),
    )
