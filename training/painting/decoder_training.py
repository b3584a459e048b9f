"""Refines the autoencoder's decoder against a critic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from training.loop.compiled import compile_if_worthwhile
from training.loop.trainer import Step, channels_last, load_checkpoint, train_for
from training.painting.autoencoder import Autoencoder, reconstruction_loss, to_model
from training.painting.autoencoder_training import SIDE, draw_squares, load_autoencoder

PEAK_RATE = 6e-4
ADVERSARIAL = 0.4
MATCHING = 1.0
LATENT_NOISE = 0.15


class Discriminator(nn.Module):
    """(b, channels, h, w) to scores, one a patch of 40 pixels, and the layers' features."""

    def __init__(self, width: int = 32, channels: int = 3) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, width, 4, stride=2, padding=1)
        self.second = spectral_norm(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1))
        self.third = spectral_norm(nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1))
        self.score = nn.Conv2d(4 * width, 1, 3, padding=1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The scores, and what the second and third layer saw."""
        second = F.leaky_relu(self.second(F.leaky_relu(self.first(pictures), 0.2)), 0.2)
        third = F.leaky_relu(self.third(second), 0.2)
        return self.score(third), second, third


def hinge_loss(true: Tensor, made: Tensor) -> Tensor:
    """What a discriminator learns by, from its scores of true and of made pictures."""
    return F.relu(1 - true.float()).mean() + F.relu(1 + made.float()).mean()


def adversarial_share(
    reconstruction: Tensor, adversarial: Tensor, last: Tensor, most: float = 10.0
) -> Tensor:
    """The factor that makes both losses pull equally on the last layer, limited."""
    ours = torch.autograd.grad(reconstruction, last, retain_graph=True)[0].norm()
    theirs = torch.autograd.grad(adversarial, last, retain_graph=True)[0].norm()
    return (ours / (theirs + 1e-6)).clamp(max=most).detach()


def train(
    pools: Sequence[np.ndarray],
    autoencoder: Autoencoder,
    out: Path,
    minutes: float,
    batch: int = 8,
    seed: int = 2,
    steps: int | None = None,
    side: int = SIDE,
) -> Autoencoder:
    """Refines for some minutes; returns the autoencoder with its averaged new decoder."""
    autoencoder = channels_last(autoencoder)
    torch.manual_seed(seed)
    judge = channels_last(Discriminator())
    judge_optimiser = torch.optim.AdamW(judge.parameters(), 4e-4, (0.5, 0.99))
    decoder = autoencoder.decoder
    last = decoder.net[-2].weight
    assert isinstance(last, Tensor)
    encode = compile_if_worthwhile(autoencoder.encoder, minutes, steps)
    decode = compile_if_worthwhile(decoder, minutes, steps)

    def loss_of(step: Step) -> Tensor:
        true = step.put(to_model(torch.from_numpy(draw_squares(pools, batch, step.rng, side))))
        std = step.put(autoencoder.latent_std)
        with step.autocast():
            with torch.no_grad():
                latents = encode(true)[0]
                strength = LATENT_NOISE * torch.rand_like(latents[:, :1, :1, :1])
                latents = latents + strength * std * torch.randn_like(latents)
            made = decode(latents)
            seen_true, seen_made = judge(true)[0], judge(made.detach())[0]
        hinge = hinge_loss(seen_true, seen_made)
        judge_optimiser.zero_grad(set_to_none=True)
        hinge.backward()
        judge_optimiser.step()
        reconstruction = reconstruction_loss(made.float(), true)
        with step.autocast():
            score, *seen = judge(made)
            with torch.no_grad():
                _, *wanted = judge(true)
        matching = sum(
            (a.float() - b.float()).abs().mean() for a, b in zip(seen, wanted, strict=True)
        )
        adversarial = MATCHING * matching - score.float().mean()
        share = adversarial_share(reconstruction, adversarial, last)
        return reconstruction + ADVERSARIAL * share * adversarial

    average = train_for(
        minutes, out, decoder, loss_of, PEAK_RATE, "decoder", seed, decay=0.995, steps=steps,
        beside={"judge": judge, "judge_optimiser": judge_optimiser}, frozen=(autoencoder.encoder,),
    )  # fmt: skip
    decoder.load_state_dict(average.state)
    return autoencoder.eval()


def load_refined(runs: Path) -> Autoencoder:
    """The finished autoencoder, with its refined decoder if there is one."""
    autoencoder = load_autoencoder(runs / "autoencoder.pt")
    if refined := load_checkpoint(runs / "decoder.pt"):
        autoencoder.decoder.load_state_dict(refined["average"])
    return autoencoder
