"""A generator that comes trained on features of pictures: a sound's feature stands in for one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from training.loop.plain_errors import InputError
from training.papers.harness.draws import Draws
from training.papers.models.generators.biggan import BigGan
from training.papers.models.generators.protocol import Shape


class Gan(nn.Module):
    """See `Generator`: it takes one token, a feature of any length, and learns nothing."""

    def __init__(self, network: BigGan, label: int | None = None) -> None:
        """label: number of the class, for a generator that has classes."""
        super().__init__()
        if network.sizes.classes and not (label is not None and label < network.sizes.classes):
            raise InputError(
                f"the GAN paints one of {network.sizes.classes} classes: choose with --gan-class"
            )
        self.network, self.label = network, label
        self.takes, self.pixels = Shape(1, network.sizes.feature), network.pixels

    def learns(self) -> Sequence[nn.Module]:
        """Nothing."""
        return ()

    def loss(self, pictures: Tensor, condition: Tensor, draws: Draws) -> Tensor:
        """It has none."""
        raise NotImplementedError("a GAN comes trained")

    @torch.no_grad()
    def paint(self, condition: Tensor, seeds: Sequence[int]) -> Tensor:
        """(b, 1, feature) -> u8 (b, p, p, 3)."""
        noise = torch.stack(
            [
                torch.randn(self.network.noise, generator=torch.Generator().manual_seed(seed))
                for seed in seeds
            ]
        ).to(condition.device)
        label = None
        if self.network.sizes.classes:
            label = torch.full((len(noise),), self.label or 0, device=condition.device)
        return to_levels(self.network(noise, normalize(condition[:, 0], dim=1), label))


def to_levels(pictures: Tensor) -> Tensor:
    """(b, 3, h, w) in [-1, 1] -> u8 (b, h, w, 3)."""
    levels = pictures.float().permute(0, 2, 3, 1).clamp(-1.0, 1.0)
    return ((levels + 1.0) * 127.5 + 0.5).to(torch.uint8)
