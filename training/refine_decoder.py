"""Sharpens the decoder on its own, the latents staying as they are.

    python -m training.refine_decoder runs --minutes 12

The reconstruction loss alone answers doubt with blur; a patch discriminator (Isola et al. 2017,
hinge loss) asks for edges. Its share makes both losses pull equally on the last layer, times
`ADVERSARIAL` (VQGAN, Esser et al. 2021, eq. 7). The latents get a little noise: those of a few-step
generator are never exact.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from training.autoencoder import Autoencoder, reconstruction_loss, to_model
from training.pictures import paint_pool
from training.progress import MovingAverage, channels_last, load_checkpoint, train_for
from training.train_autoencoder import load_autoencoder
from training.train_generator import SIZES

PEAK_RATE = 6e-4
ADVERSARIAL = 0.4
LATENT_NOISE = 0.12


class Discriminator(nn.Module):
    """(b, 3, h, w) to a map of scores, one for each patch of 22 pixels."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(2 * width, 3 * width, 3, padding=1)),
            nn.LeakyReLU(0.2),
            nn.Conv2d(3 * width, 1, 3, padding=1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        return self.net(pictures)


def adversarial_share(reconstruction: Tensor, adversarial: Tensor, last: Tensor) -> Tensor:
    """The factor that makes both losses pull equally on the last layer, at most 10."""
    ours = torch.autograd.grad(reconstruction, last, retain_graph=True)[0].norm()
    theirs = torch.autograd.grad(adversarial, last, retain_graph=True)[0].norm()
    return (ours / (theirs + 1e-6)).clamp(max=10.0).detach()


def train(
    pictures: np.ndarray,
    autoencoder: Autoencoder,
    out: Path,
    minutes: float,
    batch: int = 8,
    seed: int = 2,
    steps: int | None = None,
) -> Autoencoder:
    """Refines for some minutes; returns the autoencoder with its averaged new decoder."""
    autoencoder = channels_last(autoencoder)
    decoder = autoencoder.decoder
    torch.manual_seed(seed)
    judge = channels_last(Discriminator())
    judge_optimiser = torch.optim.AdamW(judge.parameters(), 4e-4, (0.5, 0.99))
    last = decoder.net[-2].weight
    assert isinstance(last, Tensor)

    def loss_of(rng: np.random.Generator, _: MovingAverage) -> Tensor:
        rows = np.sort(rng.choice(len(pictures), batch, replace=False))
        true = to_model(torch.from_numpy(pictures[rows])).contiguous(
            memory_format=torch.channels_last
        )
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                latents = autoencoder.encode(true)
                latents = latents + LATENT_NOISE * torch.rand(batch, 1, 1, 1) * torch.randn_like(
                    latents
                )
            made = autoencoder.decode(latents)
            seen_true, seen_made = judge(true), judge(made.detach())
        hinge = F.relu(1 - seen_true.float()).mean() + F.relu(1 + seen_made.float()).mean()
        judge_optimiser.zero_grad(set_to_none=True)
        hinge.backward()
        judge_optimiser.step()
        reconstruction = reconstruction_loss(made.float(), true)
        with torch.autocast("cpu", torch.bfloat16):
            adversarial = -judge(made).float().mean()
        share = adversarial_share(reconstruction, adversarial, last)
        return reconstruction + ADVERSARIAL * share * adversarial

    average = train_for(
        minutes, out, decoder, loss_of, PEAK_RATE, "decoder", seed, decay=0.995, steps=steps
    )
    decoder.load_state_dict(average.state)
    return autoencoder.eval()


def load_refined(runs: Path) -> Autoencoder:
    """The finished autoencoder, with its refined decoder if there is one."""
    autoencoder = load_autoencoder(runs / "autoencoder.pt")
    if refined := load_checkpoint(runs / "decoder.pt"):
        autoencoder.decoder.load_state_dict(refined["average"])
    return autoencoder


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the finished autoencoder")
    parser.add_argument("--minutes", type=float, default=12, help="time (default %(default)s)")
    a = parser.parse_args()
    name, width, height, first, count = SIZES[0]
    pool = paint_pool(a.runs / name, first, count, width, height)
    train(
        pool.pictures, load_autoencoder(a.runs / "autoencoder.pt"), a.runs / "decoder.pt", a.minutes
    )


if __name__ == "__main__":
    main()
