"""Trains the autoencoder on painted pictures.

    python -m training.train_autoencoder runs/pictures runs/autoencoder.pt --minutes 20

The learning rate follows the clock, so a run takes the time it is given on any machine; a run that
is stopped goes on where it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.autoencoder import Autoencoder, reconstruction_loss, to_model
from training.pictures import paint_pool
from training.progress import (
    MovingAverage,
    channels_last,
    load_checkpoint,
    save_checkpoint,
    train_for,
)

PEAK_RATE = 1.5e-3
KL_WEIGHT = 2e-4


def train(
    pictures: np.ndarray,
    out: Path,
    minutes: float,
    batch: int = 8,
    seed: int = 0,
    steps: int | None = None,
) -> Autoencoder:
    """Trains for some minutes, resuming from `out` when it exists; returns the averaged model."""
    model = channels_last(Autoencoder())

    def loss_of(rng: np.random.Generator, _: MovingAverage) -> Tensor:
        rows = np.sort(rng.choice(len(pictures), batch, replace=False))
        true = to_model(torch.from_numpy(pictures[rows])).to(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            mean, log_variance = model.encoder(true)
            latents = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
            made = model.decoder(latents)
        kl = 0.5 * (mean.float() ** 2 + log_variance.exp() - 1 - log_variance.float())
        return reconstruction_loss(made.float(), true) + KL_WEIGHT * kl.mean()

    average = train_for(minutes, out, model, loss_of, PEAK_RATE, "autoencoder", seed, steps=steps)
    return finish(model, average.state, pictures, out)


def finish(
    model: Autoencoder, weights: Mapping[str, Tensor], pictures: np.ndarray, out: Path
) -> Autoencoder:
    """Keeps the averaged weights with the measured scale of their latents."""
    model.load_state_dict(weights)
    measure_latents(model, pictures)
    save_checkpoint(out.with_suffix(".final.pt"), {"model": model.state_dict()})
    return model.eval()


@torch.no_grad()
def measure_latents(model: Autoencoder, pictures: np.ndarray, count: int = 512) -> None:
    """Sets the scale that gives latents zero mean and unit variance per channel."""
    rows = np.linspace(0, len(pictures) - 1, min(count, len(pictures))).astype(int)
    means = []
    for part in np.array_split(rows, max(1, len(rows) // 32)):
        means.append(model.encoder(to_model(torch.from_numpy(pictures[part])))[0])
    latents = torch.cat(means)
    model.latent_mean.copy_(latents.mean((0, 2, 3), keepdim=True))
    model.latent_std.copy_(latents.std((0, 2, 3), keepdim=True))


def load_autoencoder(path: Path) -> Autoencoder:
    """The averaged autoencoder of a finished run."""
    model = Autoencoder()
    saved = load_checkpoint(path.with_suffix(".final.pt"))
    if saved is None:
        raise FileNotFoundError(f"{path}: no finished run; start training.train_autoencoder first")
    model.load_state_dict(saved["model"])
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", type=Path, help="folder of the picture pool")
    parser.add_argument("out", type=Path, help="checkpoint to write, or to go on from")
    parser.add_argument("--count", type=int, default=24_000, help="pictures (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=20, help="time (default %(default)s)")
    a = parser.parse_args()
    train(paint_pool(a.pictures, 0, a.count, 256, 144).pictures, a.out, a.minutes)


if __name__ == "__main__":
    main()
