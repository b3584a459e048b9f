"""What the generator makes of true conditions, just before the last stage; cached."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from training.loop.trainer import best_device
from training.painting.autoencoder import LATENT_CHANNELS, Autoencoder
from training.painting.distillation import sample
from training.painting.finish import FINISHED, SCALE, TRUNK, WIDTH
from training.painting.generator import LOOKS, Conditions, Painter
from training.painting.lands import Lands, sample_on
from training.painting.painted_pictures import PaintedPictures
from training.vocabulary import LABELS

BATCH = 8
STEPS = (1, 2)
"""Of the generator, in turn: the last stage finishes what either makes."""


@dataclass(frozen=True, slots=True)
class FeaturePool:
    """Pictures with the features that the generator made of their conditions."""

    truth: PaintedPictures
    """At the finished size."""
    features: np.ndarray
    """f16 (n, WIDTH, h / SCALE, w / SCALE)."""


@torch.no_grad()
def make_features(
    truth: PaintedPictures,
    painter: Painter,
    autoencoder: Autoencoder,
    cache: Path,
    seed: int,
    lands: Lands | None = None,
) -> FeaturePool:
    """Paints every picture's conditions anew, or opens its cache. A cache belongs to one generator.

    lands: those that it remembers, if it does. Interrupted, it begins again.
    """
    if not cache.exists():
        count, (height, width) = len(truth.pictures), truth.pictures.shape[1:3]
        device, noise = best_device(), torch.Generator().manual_seed(seed)
        models = [part for part in (painter, autoencoder, lands) if part is not None]
        for part in models:
            part.to(device)
        making = cache.with_suffix(".part.npy")
        shape = (count, WIDTH, height // SCALE, width // SCALE)
        features = open_memmap(making, "w+", np.float16, shape)
        starts = range(0, count, BATCH)
        for number, at in enumerate(
            tqdm(starts, desc=f"features of {cache.parent.name}", unit="batch", mininterval=5)
        ):
            rows = truth.rows(slice(at, at + BATCH))
            drawn = torch.randn(
                len(rows.labels), LATENT_CHANNELS, height // FINISHED, width // FINISHED,
                generator=noise,
            )  # fmt: skip
            asked, drawn = conditions_of(rows, painter.table, device), drawn.to(device)
            velocity = partial(
                painter.generator.velocity, prepared=painter.generator.prepare(asked, drawn)
            )
            steps = STEPS[number % len(STEPS)]
            if lands is None:
                latents = sample(velocity, drawn, steps)
            else:
                latents = sample_on(
                    velocity, drawn, steps,
                    *lands(shares_of(rows.labels, rows.looks).to(device), *asked[1:4], drawn),
                )  # fmt: skip
            made = autoencoder.decoder.net[:TRUNK](
                latents * autoencoder.latent_std + autoencoder.latent_mean
            )
            features[at : at + BATCH] = made.half().cpu().numpy()
        features.flush()
        del features
        for part in models:
            part.cpu()
        making.replace(cache)
    return FeaturePool(truth, np.load(cache, mmap_mode="r"))


def shares_of(labels: np.ndarray, looks: np.ndarray) -> Tensor:
    """(n, s) labels, -1 for none, and looks to (n, s, labels * LOOKS): 1 for each source's own."""
    which = torch.from_numpy(np.maximum(labels, 0) * LOOKS + looks)
    there = torch.from_numpy(labels >= 0)[..., None]
    return (F.one_hot(which, len(LABELS) * LOOKS) * there).float()


def conditions_of(
    rows: PaintedPictures, table: Tensor, device: torch.device
) -> Conditions:
    """The true conditions of pictures, in a painter's own tokens."""
    labels = torch.from_numpy(rows.labels).to(device)
    looks = torch.from_numpy(rows.looks).to(device)
    weights, places, atmosphere = (
        torch.from_numpy(part).to(device) for part in (rows.weights, rows.places, rows.atmosphere)
    )
    tokens = table[labels.clamp(min=0), looks]
    return Conditions(tokens, weights, places, atmosphere, torch.ones_like(weights[:, 0]))
