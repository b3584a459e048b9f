"""Trains the autoencoder of the pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.loop.compiled import compile_if_worthwhile
from training.loop.muon import muon_for
from training.loop.trainer import Step, channels_last, load_checkpoint, save_checkpoint, train_for
from training.painting.autoencoder import Autoencoder, reconstruction_loss, to_model

PEAK_RATE = 2.5e-3
KL_WEIGHT = 2e-4
SIDE = 256
"""Pixels of the squares that are trained on."""


def draw_squares(
    pools: Sequence[np.ndarray], count: int, rng: np.random.Generator, side: int = SIDE
) -> np.ndarray:
    """u8 (count, side, side, 3) cut-outs of pictures, three of five from the first pool."""
    squares = np.empty((count, side, side, 3), np.uint8)
    for square in squares:
        pool = pools[0] if len(pools) == 1 or rng.random() < 0.6 else pools[1]
        picture = pool[rng.integers(len(pool))]
        top = rng.integers(picture.shape[0] - side + 1)
        left = rng.integers(picture.shape[1] - side + 1)
        cut = picture[top : top + side, left : left + side]
        square[:] = cut[:, ::-1] if rng.random() < 0.5 else cut
    return squares


def train(
    pools: Sequence[np.ndarray],
    out: Path,
    minutes: float,
    batch: int = 8,
    seed: int = 0,
    steps: int | None = None,
    side: int = SIDE,
) -> Autoencoder:
    """Trains for some minutes, resuming from `out` when it exists; returns the averaged model.

    pools: u8 (n, h, w, 3) pictures, scenes first.
    """
    torch.manual_seed(seed)
    model = channels_last(Autoencoder())
    encode = compile_if_worthwhile(model.encoder, minutes, steps)
    decode = compile_if_worthwhile(model.decoder, minutes, steps)

    def loss_of(step: Step) -> Tensor:
        true = step.put(to_model(torch.from_numpy(draw_squares(pools, batch, step.rng, side))))
        with step.autocast():
            mean, log_variance = encode(true)
            latents = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
            made = decode(latents)
        kl = 0.5 * (mean.float() ** 2 + log_variance.exp() - 1 - log_variance.float())
        return reconstruction_loss(made.float(), true) + KL_WEIGHT * kl.mean()

    first, last = model.encoder.net, model.decoder.net
    ends = [first[1], first[-1], last[0], last[-2]]
    average = train_for(
        minutes, out, model, loss_of, PEAK_RATE, "autoencoder", seed, steps=steps,
        make_optimiser=partial(muon_for, apart=ends),
    )  # fmt: skip
    return finish(model, average.state, pools[0], out)


def finish(
    model: Autoencoder, weights: Mapping[str, Tensor], pictures: np.ndarray, out: Path
) -> Autoencoder:
    """Keeps the averaged weights with the measured scale of their latents."""
    model.load_state_dict(weights)
    measure_latents(model, pictures)
    save_checkpoint(out.with_suffix(".final.pt"), {"model": model.state_dict()})
    return model.eval()


@torch.no_grad()
def measure_latents(model: Autoencoder, pictures: np.ndarray, count: int = 256) -> None:
    """Sets the scale that gives latents zero mean and unit variance per channel."""
    rows = np.linspace(0, len(pictures) - 1, min(count, len(pictures))).astype(int)
    means = []
    for part in np.array_split(rows, max(1, len(rows) // 16)):
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
