"""Trains the teacher: flow matching on latents (Lipman et al. 2023), t logit-normal.

    python -m training.train_generator runs --minutes 45

The condition is dropped from one picture in ten, for classifier-free guidance.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.latents import LatentPool, encode_pool
from training.painter_model import Painter, draw, tokens_of
from training.pictures import paint_pool
from training.progress import MovingAverage, channels_last, train_for
from training.train_autoencoder import load_autoencoder

PEAK_RATE = 1.2e-3
DROP = 0.1
Sizes = tuple[tuple[str, int, int, int, int], ...]
SIZES: Sizes = (
    ("pictures", 256, 144, 0, 24_000),
    ("pictures-small", 192, 112, 500_000, 8_000),
)
"""Folder, width, height, first seed and number of pictures of each pool."""
SHARES = (0.85, 0.15)


def open_pools(runs: Path, sizes: Sizes = SIZES) -> tuple[LatentPool, ...]:
    """The latents of every pool in a runs folder, painted and encoded when they are not yet."""
    autoencoder = load_autoencoder(runs / "autoencoder.pt")
    pools = []
    for name, width, height, first, count in sizes:
        pool = paint_pool(runs / name, first, count, width, height)
        pools.append(encode_pool(pool, autoencoder, runs / name / "latents.npy"))
    return tuple(pools)


def flow_loss(
    painter: Painter, pools: tuple[LatentPool, ...], batch: int, rng: np.random.Generator
) -> Tensor:
    """Squared error of the velocity noise - x at logit-normal times."""
    latents, labels, weights = draw(pools, SHARES, batch, rng)
    noise = torch.randn_like(latents)
    t = torch.sigmoid(torch.randn(batch))
    known = (torch.rand(batch) >= DROP).float()
    mix = t[:, None, None, None]
    with torch.autocast("cpu", torch.bfloat16):
        velocity = painter.generator(
            torch.lerp(latents, noise, mix),
            t,
            t,
            tokens_of(painter.table, labels, rng),
            weights,
            known,
        )
    return F.mse_loss(velocity.float(), noise - latents)


def train(
    runs: Path,
    minutes: float,
    batch: int = 16,
    seed: int = 0,
    sizes: Sizes = SIZES,
    steps: int | None = None,
) -> Painter:
    """Trains for some minutes into runs/teacher.pt; returns the averaged teacher."""
    pools, painter = open_pools(runs, sizes), channels_last(Painter())

    def loss_of(rng: np.random.Generator, _: MovingAverage) -> Tensor:
        return flow_loss(painter, pools, batch, rng)

    out = runs / "teacher.pt"
    average = train_for(minutes, out, painter, loss_of, PEAK_RATE, "teacher", seed, steps=steps)
    painter.load_state_dict(average.state)
    return painter.eval()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the finished autoencoder")
    parser.add_argument("--minutes", type=float, default=45, help="time (default %(default)s)")
    a = parser.parse_args()
    train(a.runs, a.minutes)


if __name__ == "__main__":
    main()
