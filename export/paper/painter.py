"""A paper's painter as a bundle's generator: names and weights in, pixels out.

Words become the conditions of the table; how those of several sources become one picture's is the
paper's. Everything is smooth in the weights, so that a picture moves as the sound does.

Papers paint squares: so do these, whatever is asked, and a picture of another shape is stretched.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from export.paper.sampler import Unrolled, mixed
from export.turbo.decoupled import weigh_sounds
from training.papers.models.generators.bridges import SlotBridge
from training.papers.models.generators.diffusion import Diffusion
from training.papers.models.generators.gan import Gan

QUIET = 0.2
"""Weights that add up to less than this ask for less than a whole picture."""
UNIT = 8
"""Pixels of a picture over the noise's, for a GAN, whose noise has no place."""
NOISE_CHANNELS = 4


class Asked(nn.Module):
    """Tokens and weights to the condition of one picture."""

    words: Tensor
    table: Tensor

    def __init__(self, words: Tensor, table: Tensor, temperature: float, slots: int | None) -> None:
        """words: (labels, d) unit vectors. table: (labels, n, width). slots: of MACS, where every
        source has its own, the most significant first; None mixes the sources' conditions."""
        super().__init__()
        self.temperature, self.slots = temperature, slots
        self.register_buffer("words", words)
        self.register_buffer("table", table)

    def forward(self, tokens: Tensor, weights: Tensor) -> tuple[Tensor, Tensor | None]:
        """(b, s, d), (b, s) -> (b, n, width), and (b, n) weights of the slots where there are."""
        unit = tokens / tokens.norm(dim=-1, keepdim=True).clamp(min=1e-6)
        sure = torch.softmax(unit @ self.words.T / self.temperature, -1)
        heard = torch.einsum("bsl,lnw->bsnw", sure, self.table)
        if self.slots is None:
            share = weights / weights.sum(1, keepdim=True).clamp(min=QUIET)
            return torch.einsum("bs,bsnw->bnw", share, heard), None
        kept, order = weights.topk(min(self.slots, weights.shape[1]), 1)
        width = heard.shape[-1]
        found = heard[:, :, 0].gather(1, order[:, :, None].expand(-1, -1, width))
        lacking = self.slots - found.shape[1]
        return nn.functional.pad(found, (0, 0, 0, lacking)), nn.functional.pad(kept, (0, lacking))


class DiffusionPainter(nn.Module):
    """Guided steps of a diffusion model beside its empty text, or in the text's place."""

    def __init__(self, asked: Asked, generator: Diffusion, steps: Unrolled) -> None:
        super().__init__()
        self.asked, self.generator, self.steps = asked, generator, steps
        self.weighs = generator.beside and isinstance(generator.bridge, SlotBridge)
        if self.weighs:
            weigh_sounds(generator.backbone.network)

    @property
    def channels(self) -> int:
        """Of the noise."""
        return self.generator.backbone.channels

    @property
    def factor(self) -> int:
        """Pixels over noise."""
        backbone = self.generator.backbone
        return backbone.pixels // backbone.size

    def forward(self, tokens: Tensor, weights: Tensor, noise: Tensor) -> Tensor:
        """(b, s, d), (b, s), (b, c, h, w) -> u8 (b, factor * h, factor * w, 3)."""
        backbone: Any = self.generator.backbone
        condition, sure = self.asked(tokens, weights)
        context = self.generator.bridge(torch.cat([torch.zeros_like(condition), condition]))
        if self.generator.beside:
            context = torch.cat([backbone.empty.expand(context.shape[0], -1, -1), context], 1)
        named = {}
        if self.weighs and sure is not None:
            # guided away from the nothing that training dropped to: all slots there, none heard
            named = {"cross_attention_kwargs": {"sounds": torch.cat([torch.ones_like(sure), sure])}}
        parts = [squared(noise, backbone.size)]
        for time, row in zip(self.steps.times, self.steps.mix[:-1], strict=True):
            latents = mixed(row, parts)
            doubled = torch.cat([latents, latents])
            answer = backbone.network(
                doubled, timestep=torch.tensor([time]).expand(doubled.shape[0]),
                encoder_hidden_states=context, return_dict=False, **named,
            )[0][:, : backbone.channels]  # fmt: skip
            nothing, heard = answer[: noise.shape[0]], answer[noise.shape[0] :]
            parts.append(nothing + self.generator.guidance * (heard - nothing))
        picture = backbone.decode(mixed(self.steps.mix[-1], parts))
        return to_levels(stretched(picture, noise, self.factor))


class GanPainter(nn.Module):
    """One pass."""

    channels, factor = NOISE_CHANNELS, UNIT

    def __init__(self, asked: Asked, generator: Gan) -> None:
        super().__init__()
        self.asked, self.generator = asked, generator

    def forward(self, tokens: Tensor, weights: Tensor, noise: Tensor) -> Tensor:
        """As `DiffusionPainter.forward`; a picture's noise is read row by row."""
        condition, _ = self.asked(tokens, weights)
        network, label = self.generator.network, None
        flat = noise.flatten(1)
        given = flat[:, round_again(network.noise, flat.shape[1])]
        if network.sizes.classes:
            label = torch.full((noise.shape[0],), self.generator.label or 0)
        feature = nn.functional.normalize(condition[:, 0], dim=1)
        return to_levels(stretched(network(given, feature, label), noise, UNIT))


def squared(noise: Tensor, side: int) -> Tensor:
    """(b, c, h, w) cut, or laid side by side, to (b, c, side, side)."""
    rows, columns = round_again(side, noise.shape[2]), round_again(side, noise.shape[3])
    return noise[:, :, rows][:, :, :, columns]


def round_again(count: int, length: int) -> Tensor:
    """(count,) 0, 1, ... and again from 0 at a length, which a graph may know only when it runs."""
    return torch.arange(count) % torch.full((count,), length)


def stretched(picture: Tensor, noise: Tensor, factor: int) -> Tensor:
    """A square picture (b, 3, p, p) as large as its noise asks."""
    size = (factor * noise.shape[2], factor * noise.shape[3])
    return nn.functional.interpolate(picture, size, mode="bilinear", align_corners=False)


def to_levels(picture: Tensor) -> Tensor:
    """(b, 3, h, w) about [-1, 1] -> u8 (b, h, w, 3)."""
    levels = picture.float().permute(0, 2, 3, 1).clamp(-1.0, 1.0)
    return ((levels + 1.0) * 127.5 + 0.5).to(torch.uint8)
