"""The generator: source tokens and noise to latents, in a few steps.

One network serves teacher and student. It predicts the average velocity u(z_t, r, t) from time t to
an earlier time r along the path z_t = (1 - t) x + t noise (flow matching; MeanFlow, Geng et al.
2025, for the average); at r = t that is the plain velocity noise - x. A step is
z_r = z_t - (t - r) u.

Sources enter by decoupled cross-attention (MACS; IP-Adapter): keys and values of their own, one
token each, no order among them. A weight in [0, 1] is added to the attention as its logarithm, so
that a source fades out of the picture as it fades out of the sound.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.autoencoder import LATENT_CHANNELS

CONCEPT = 192
"""Width of a source token inside the network."""
EMBEDDING = 128
"""Width of the joint sound-text space."""
ABSENT = 1e-4
"""Weights below this count as silence."""


def rms_norm(x: Tensor) -> Tensor:
    """Unit root-mean-square over the channels of each pixel, (b, c, h, w)."""
    return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-5)


class ResidualBlock(nn.Module):
    """Norm, scale and shift by the condition, two convolutions; starts as the identity."""

    def __init__(self, channels: int, condition: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.modulate = nn.Linear(condition, 2 * channels)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.modulate(condition)[:, :, None, None].chunk(2, dim=1)
        y = self.first(F.silu(rms_norm(x)))
        y = rms_norm(y) * (1 + scale) + shift
        return x + self.second(F.silu(y))


def attention(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None) -> Tensor:
    """softmax(q k' / sqrt(c) + bias) v, written out.

    The fused kernel's backward pass takes a third of a training step on a CPU at these lengths.
    """
    logits = (q * q.shape[-1] ** -0.5) @ k.transpose(2, 3)
    if bias is not None:
        logits = logits + bias.to(logits.dtype)
    return logits.softmax(-1).to(v.dtype) @ v


class Attention(nn.Module):
    """Pixels look at one another and, with keys and values of their own, at the sources."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.own = nn.Conv2d(channels, 3 * channels, 1)
        self.query = nn.Conv2d(channels, channels, 1)
        self.sources = nn.Linear(CONCEPT, 2 * channels)
        self.own_out = nn.Conv2d(channels, channels, 1)
        self.sources_out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.own_out.weight)
        nn.init.zeros_(self.sources_out.weight)

    def _split(self, x: Tensor) -> Tensor:
        """(b, c, h, w) to (b, heads, h*w, c/heads)."""
        return x.flatten(2).unflatten(1, (self.heads, -1)).transpose(2, 3)

    def forward(self, x: Tensor, tokens: Tensor, bias: Tensor) -> Tensor:
        """Args: x (b, c, h, w); tokens (b, s, CONCEPT); bias (b, 1, 1, s) added to the logits."""
        height, width = x.shape[2:]
        normed = rms_norm(x)
        q, k, v = (self._split(part) for part in self.own(normed).chunk(3, dim=1))
        seen = attention(q, k, v)
        x = x + self.own_out(seen.transpose(2, 3).flatten(1, 2).unflatten(2, (height, width)))
        q = self._split(self.query(rms_norm(x)))
        k, v = (
            part.unflatten(2, (self.heads, -1)).transpose(1, 2)
            for part in self.sources(tokens).chunk(2, dim=2)
        )
        heard = attention(q, k, v, bias)
        return x + self.sources_out(
            heard.transpose(2, 3).flatten(1, 2).unflatten(2, (height, width))
        )


def wave_features(values: Tensor, count: int = 32) -> Tensor:
    """(b,) numbers in [0, 1] to (b, 2 * count) sines and cosines."""
    rates = torch.exp(torch.linspace(0.0, math.log(200.0), count, device=values.device))
    angles = values[:, None].float() * rates[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Generator(nn.Module):
    """Average velocity of noisy latents, given concept tokens with weights."""

    def __init__(self, fine: int = 96, coarse: int = 192, deep: int = 4) -> None:
        super().__init__()
        condition = 256
        self.time = nn.Sequential(nn.Linear(128, condition), nn.SiLU(), nn.Linear(condition, 256))
        self.pooled = nn.Linear(CONCEPT, condition)
        self.loudness = nn.Linear(2, CONCEPT)
        self.place = nn.Parameter(0.02 * torch.randn(2, CONCEPT))
        self.enter = nn.Conv2d(LATENT_CHANNELS + 3, fine, 3, padding=1)
        self.fine_down = nn.ModuleList(ResidualBlock(fine, condition) for _ in range(2))
        self.down = nn.Conv2d(fine, coarse, 2, stride=2)
        self.coarse = nn.ModuleList(ResidualBlock(coarse, condition) for _ in range(deep))
        self.attend = nn.ModuleList(Attention(coarse) for _ in range(deep))
        self.up = nn.Conv2d(coarse, 4 * fine, 1)
        self.fine_up = nn.ModuleList(ResidualBlock(fine, condition) for _ in range(2))
        self.leave = nn.Conv2d(fine, LATENT_CHANNELS, 3, padding=1)
        nn.init.zeros_(self.leave.weight)

    def forward(
        self,
        noisy: Tensor,
        t: Tensor,
        r: Tensor,
        concepts: Tensor,
        weights: Tensor,
        known: Tensor,
    ) -> Tensor:
        """Predicts u(z_t, r, t).

        Args:
            noisy: (b, 8, h, w) latents at time t.
            t, r: (b,) times, 0 <= r <= t <= 1.
            concepts: (b, s, CONCEPT) tokens of the sources.
            weights: (b, s) in [0, 1]; 0 leaves a source out.
            known: (b,) 1 where the condition is given, 0 where it is dropped (guidance).

        Returns:
            (b, 8, h, w).
        """
        weights = weights * known[:, None]
        tokens = concepts + self.loudness(torch.stack([weights, weights.square()], dim=2))
        place = torch.lerp(self.place[0], self.place[1], known[:, None])
        pooled = self.pooled(torch.einsum("bs,bsc->bc", weights, tokens) + place)
        times = torch.cat([wave_features(t), wave_features(t - r)], dim=1)
        condition = F.silu(self.time(times) + pooled)
        tokens = torch.cat([place[:, None], tokens], dim=1)
        bias = torch.log(torch.cat([torch.ones_like(weights[:, :1]), weights], 1).clamp(min=ABSENT))
        bias = torch.where(bias <= math.log(ABSENT) + 1e-3, bias - 30.0, bias)[:, None, None]

        x = self.enter(torch.cat([noisy, _grid(noisy)], dim=1))
        for block in self.fine_down:
            x = block(x, condition)
        skip = x
        x = self.down(x)
        for block, attend in zip(self.coarse, self.attend, strict=True):
            x = attend(block(x, condition), tokens, bias)
        x = F.pixel_shuffle(self.up(x), 2) + skip
        for block in self.fine_up:
            x = block(x, condition)
        return self.leave(F.silu(rms_norm(x)))


def _grid(x: Tensor) -> Tensor:
    """(b, 3, h, w): height, distance from the middle, and side of each pixel, in [-1, 1]."""
    # counted with sums, because sizes read from the shape are frozen by the exporter
    ones = torch.ones_like(x[:, :1])
    rows, columns = ones.cumsum(2), ones.cumsum(3)
    rows = (2 * rows - 1) / rows[:, :, -1:] - 1
    columns = (2 * columns - 1) / columns[:, :, :, -1:] - 1
    return torch.cat([rows, columns.abs(), columns], dim=1)


class Concepts(nn.Module):
    """Joint sound-text embeddings (..., 128) to concept tokens (..., CONCEPT).

    An embedding is told apart as the ear does it, by its cosine with the names' embeddings over the
    temperature, and gets the mean of the concepts' tokens, each by its probability, sharpened. So a
    picture never shows another thing than the label beside it says; between two sounds the token
    walks from one concept to the other, and near either it stays there, where the generator paints
    best.
    """

    table: Tensor
    vocabulary: Tensor

    def __init__(
        self, table: Tensor, vocabulary: Tensor, temperature: float, sharpness: float = 2.0
    ) -> None:
        """table: (labels, CONCEPT), the generator's tokens. vocabulary: (labels, 128), unit."""
        super().__init__()
        self.scale = sharpness / temperature
        self.register_buffer("table", table.detach().clone())
        self.register_buffer("vocabulary", vocabulary.detach().clone())

    def forward(self, embeddings: Tensor) -> Tensor:
        unit = F.normalize(embeddings, dim=-1, eps=1e-6)
        return (self.scale * unit @ self.vocabulary.T).softmax(-1) @ self.table
