"""The generator: sources with their places, an atmosphere and noise to latents, in a few steps.

One network serves teacher and student. It predicts the average velocity u(z_t, r, t) from time t to
an earlier time r along the path z_t = (1 - t) x + t noise (flow matching; MeanFlow, Geng et al.
2025, for the average); at r = t that is the plain velocity noise - x. A step is
z_r = z_t - (t - r) u.

Sources enter twice. By decoupled cross-attention (MACS; IP-Adapter): keys and values of their own,
one token each, no order among them, drawn towards the source's place. And by a field: every pixel
asks every source what of it stands here, knowing only where it lies in the source's own box; a
template of each drawing, learned with all else, is laid into the box beside. A weight in [0, 1]
scales all of it, so that a source fades out of the picture as it fades out of the sound. The
atmosphere (light, season, style) modulates every layer.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.painting.autoencoder import LATENT_CHANNELS
from training.vocabulary import LABELS

CONCEPT = 192
"""Width of a source token inside the network."""
EMBEDDING = 128
"""Width of the joint sound-text space."""
LOOKS = 8
"""Drawings that the network knows of each thing."""
ATMOSPHERE = 14
"""Lights, seasons and styles."""
ABSENT = 1e-4
"""Weights below this count as silence."""
FIELD = 64
"""Channels of the field of sources."""
ROWS, COLUMNS, DEPTH = 12, 20, 16
"""Cells and channels of a drawing's template."""
TEMPLATE = ROWS * COLUMNS * DEPTH
GAIN = 4.0
"""Of the templates: a drawing is in few batches, so its template has to learn in large steps."""
SHARPNESS = 2.0
"""What the ear's probabilities are raised to before they choose the concepts."""
TALL, WIDE = 0.7, 1.2
"""A template reaches so far from the box's centre, in box heights."""


class Conditions(NamedTuple):
    """What a batch of pictures shall show."""

    concepts: Tensor
    """(b, s, CONCEPT + TEMPLATE) tokens and templates of the sources."""
    weights: Tensor
    """(b, s) in [0, 1]; 0 leaves a source out."""
    places: Tensor
    """(b, s, 4): x, y of the box's centre and its height over the picture's size; facing -1..1."""
    atmosphere: Tensor
    """(b, ATMOSPHERE) shares of lights, seasons and styles."""
    known: Tensor
    """(b,) 1 where the condition is given, 0 where it is dropped (guidance)."""

    def drop_sources(self) -> Conditions:
        """The same pictures without the condition (guidance); their atmosphere stays."""
        none = torch.zeros_like(self.known)
        return Conditions(self.concepts, self.weights, self.places, self.atmosphere, none)


class Prepared(NamedTuple):
    """What does not change from step to step."""

    tokens: Tensor
    """(b, 1 + s, CONCEPT)."""
    bias: Tensor
    """(b, 1, coarse pixels, 1 + s) added to the attention."""
    field: Tensor
    """(b, FIELD, h, w)."""
    modulation: Tensor
    """(b, condition)."""


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
        """Args: x (b, c, h, w); tokens (b, s, CONCEPT); bias (b, 1, h*w, s)."""
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


def grid(x: Tensor) -> Tensor:
    """(b, 2, h, w): each pixel's middle over the picture's size, x then y, both in (0, 1)."""
    # counted with sums, because sizes read from the shape are frozen by the exporter
    ones = torch.ones_like(x[:, :1])
    rows, columns = ones.cumsum(2), ones.cumsum(3)
    rows = (rows - 0.5) / rows[:, :, -1:]
    columns = (columns - 0.5) / columns[:, :, :, -1:]
    return torch.cat([columns, rows], dim=1)


def aspect(x: Tensor) -> Tensor:
    """(b, 1, 1, 1): width over height of the picture that a map belongs to."""
    ones = torch.ones_like(x[:, :1])
    return ones.cumsum(3)[:, :, -1:, -1:] / ones.cumsum(2)[:, :, -1:, -1:]


def box_coordinates(like: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
    """Where the columns and the rows of a map lie in each source's box, in box heights.

    Args:
        like: (b, c, h, w).
        places: (b, s, 4).

    Returns:
        (b, s, w) positive in front of the source, and (b, s, h) positive below its centre.
    """
    pixels, wide = grid(like), aspect(like)[:, 0]
    x, y, height, facing = places.clamp(-2.0, 2.0)[:, :, None].unbind(-1)
    height = height.clamp(min=0.05)
    across = (pixels[:, 0, :1] - x) * wide / height * facing
    return across, (pixels[:, 1, :, :1].transpose(1, 2) - y) / height


def pair_coordinates(across: Tensor, down: Tensor) -> Tensor:
    """(b, s, w) and (b, s, h) to (b, s, h*w, 2)."""
    shape = (*down.shape, across.shape[-1])
    return torch.stack(
        [across[:, :, None].expand(shape), down[..., None].expand(shape)], dim=-1
    ).flatten(2, 3)


def triangular_weights(values: Tensor, reach: float, count: int) -> Tensor:
    """(..., n) to (..., n, count): shares of the cells between -reach and reach, linear between."""
    step = 2 * reach / (count - 1)
    cells = torch.linspace(-reach, reach, count, device=values.device)
    return F.relu(1 - (values[..., None] - cells).abs() / step)


class Templates(nn.Module):
    """Lays each source's template into its box and adds them up: (b, FIELD, h, w)."""

    def __init__(self) -> None:
        super().__init__()
        self.out = nn.Conv2d(DEPTH, FIELD, 1)

    def forward(self, templates: Tensor, across: Tensor, down: Tensor, weights: Tensor) -> Tensor:
        """Args: templates (b, s, TEMPLATE); across, down of `box_coordinates`; weights (b, s)."""
        cells = templates.unflatten(2, (ROWS, COLUMNS * DEPTH))
        rows = triangular_weights(down, TALL, ROWS) * weights[..., None, None]
        rows = rows @ cells  # (b, s, h, ...)
        rows = rows.unflatten(3, (COLUMNS, DEPTH)).permute(0, 1, 3, 2, 4).flatten(3)
        laid = (triangular_weights(across, WIDE, COLUMNS) @ rows).sum(1)  # (b, w, h * DEPTH)
        return self.out(laid.unflatten(2, (-1, DEPTH)).permute(0, 3, 2, 1))


class Field(nn.Module):
    """What of each source stands at each pixel: (b, s) boxes to (b, FIELD, h, w).

    A small network of the place in the box and the token, as an implicit picture; outside of its
    box a source fades, and sources add up by their weights.
    """

    def __init__(self, hidden: int = 128) -> None:
        super().__init__()
        self.register_buffer("rates", torch.tensor([0.7, 1.4, 2.8, 5.6]) * math.pi, False)
        self.rates: Tensor
        self.where = nn.Linear(2 + 2 * 2 * 4, hidden)
        self.what = nn.Linear(CONCEPT, 2 * hidden)
        self.out = nn.Linear(hidden, FIELD)

    def forward(self, relative: Tensor, tokens: Tensor, weights: Tensor) -> Tensor:
        """Args: relative (b, s, p, 2); tokens (b, s, CONCEPT); weights (b, s). -> (b, FIELD, p)."""
        near = torch.exp(-(relative / relative.new_tensor([1.1, 0.7])).square().sum(-1))
        there = near * torch.sqrt(weights + 1e-8)[:, :, None]
        relative = relative.clamp(-1.5, 1.5)
        angles = (relative[..., None] * self.rates).flatten(-2)
        features = torch.cat([relative, angles.sin(), angles.cos()], dim=-1)
        scale, shift = self.what(tokens)[:, :, None].chunk(2, dim=-1)
        hidden = F.silu(self.where(features) * (1 + scale) + shift)
        return self.out((hidden * there[..., None]).sum(1)).transpose(1, 2)


class Generator(nn.Module):
    """Average velocity of noisy latents, given what is asked for."""

    def __init__(self, fine: int = 128, coarse: int = 256, deep: int = 5) -> None:
        super().__init__()
        condition = 256
        self.time = nn.Sequential(nn.Linear(128, condition), nn.SiLU(), nn.Linear(condition, 256))
        self.pooled = nn.Linear(CONCEPT, condition)
        self.atmosphere = nn.Sequential(
            nn.Linear(ATMOSPHERE, condition), nn.SiLU(), nn.Linear(condition, condition)
        )
        self.loudness = nn.Linear(2, CONCEPT)
        self.unasked = nn.Parameter(0.02 * torch.randn(2, CONCEPT))
        self.nearness = nn.Parameter(torch.tensor(1.0))
        self.field = Field()
        self.templates = Templates()
        self.enter = nn.Conv2d(LATENT_CHANNELS + 3 + FIELD, fine, 3, padding=1)
        self.fine_down = nn.ModuleList(ResidualBlock(fine, condition) for _ in range(2))
        self.down = nn.Conv2d(fine, coarse, 2, stride=2)
        self.coarse = nn.ModuleList(ResidualBlock(coarse, condition) for _ in range(deep))
        self.attend = nn.ModuleList(Attention(coarse) for _ in range(deep))
        self.up = nn.Conv2d(coarse, 4 * fine, 1)
        self.again = nn.Conv2d(FIELD, fine, 1)
        self.fine_up = nn.ModuleList(ResidualBlock(fine, condition) for _ in range(2))
        self.leave = nn.Conv2d(fine, LATENT_CHANNELS, 3, padding=1)
        nn.init.zeros_(self.leave.weight)

    def prepare(self, asked: Conditions, like: Tensor) -> Prepared:
        """Everything that steps share. like: (b, c, h, w) latents of the size to paint."""
        known = asked.known[:, None]
        weights = asked.weights * known
        tokens, templates = asked.concepts.split([CONCEPT, TEMPLATE], dim=2)
        tokens = tokens + self.loudness(torch.stack([weights, weights.square()], dim=2))
        unasked = torch.lerp(self.unasked[0], self.unasked[1], known)
        pooled = self.pooled(torch.einsum("bs,bsc->bc", weights, tokens) + unasked)
        across, down = box_coordinates(like, asked.places)
        field = self.field(pair_coordinates(across, down), tokens, weights)
        field = field.unflatten(2, like.shape[2:])
        field = field + self.templates(templates, across, down, torch.sqrt(weights + 1e-8))
        coarse = pair_coordinates(*box_coordinates(F.avg_pool2d(like, 2), asked.places))
        near = -self.nearness.square() * coarse.square().sum(-1).clamp(max=9.0)
        bias = torch.log(weights.clamp(min=ABSENT))
        bias = torch.where(bias <= math.log(ABSENT) + 1e-3, bias - 30.0, bias)
        bias = torch.cat([torch.zeros_like(near[:, :1]), near + bias[:, :, None]], dim=1)
        return Prepared(
            torch.cat([unasked[:, None], tokens], dim=1),
            bias.transpose(1, 2)[:, None],
            field,
            pooled + self.atmosphere(asked.atmosphere),
        )

    def velocity(self, noisy: Tensor, t: Tensor, r: Tensor, prepared: Prepared) -> Tensor:
        """Predicts u(z_t, r, t).

        Args:
            noisy: (b, 16, h, w) latents at time t.
            t, r: (b,) times, 0 <= r <= t <= 1.

        Returns:
            (b, 16, h, w).
        """
        times = torch.cat([wave_features(t), wave_features(t - r)], dim=1)
        condition = F.silu(self.time(times) + prepared.modulation)
        pixels = 2 * grid(noisy) - 1
        places = torch.cat([pixels, pixels[:, :1] * aspect(noisy)], dim=1)
        x = self.enter(torch.cat([noisy, places, prepared.field.to(noisy.dtype)], dim=1))
        for block in self.fine_down:
            x = block(x, condition)
        skip = x
        x = self.down(x)
        for block, attend in zip(self.coarse, self.attend, strict=True):
            x = attend(block(x, condition), prepared.tokens, prepared.bias)
        x = F.pixel_shuffle(self.up(x), 2) + skip + self.again(prepared.field)
        for block in self.fine_up:
            x = block(x, condition)
        return self.leave(F.silu(rms_norm(x)))

    def forward(self, noisy: Tensor, t: Tensor, r: Tensor, asked: Conditions) -> Tensor:
        """`velocity` of what is asked for."""
        return self.velocity(noisy, t, r, self.prepare(asked, noisy))


class Concepts(nn.Module):
    """Joint sound-text embeddings (..., 128) with looks (..., LOOKS) to tokens and templates
    (..., CONCEPT + TEMPLATE).

    An embedding is told apart as the ear does it, by its cosine with the names' embeddings over the
    temperature, and gets the mean of the concepts' tokens, each by its probability, sharpened. So a
    picture never shows another thing than the label beside it says; between two sounds the token
    walks from one concept to the other, and near either it stays there, where the generator paints
    best.
    """

    table: Tensor
    vocabulary: Tensor

    def __init__(self, table: Tensor, vocabulary: Tensor, temperature: float) -> None:
        """table: (labels, LOOKS, CONCEPT + TEMPLATE). vocabulary: (labels, 128), unit length."""
        super().__init__()
        self.scale = SHARPNESS / temperature
        self.register_buffer("table", table.detach().clone())
        self.register_buffer("vocabulary", vocabulary.detach().clone())

    def shares(self, embeddings: Tensor, looks: Tensor) -> Tensor:
        """(..., labels * LOOKS): how much of each drawing is meant."""
        unit = F.normalize(embeddings, dim=-1, eps=1e-6)
        labels = (self.scale * unit @ self.vocabulary.T).softmax(-1)
        return (labels[..., :, None] * looks[..., None, :]).flatten(-2)

    def mix(self, shares: Tensor) -> Tensor:
        """What such shares mean: (..., CONCEPT + TEMPLATE)."""
        return shares @ self.table.flatten(0, 1)

    def forward(self, embeddings: Tensor, looks: Tensor) -> Tensor:
        return self.mix(self.shares(embeddings, looks))


class Painter(nn.Module):
    """Generator plus the tokens and templates of every label and look, learned with it.

    The table makes painting independent of hearing: either side can be trained again without the
    other.
    """

    def __init__(self, **sizes: int) -> None:
        super().__init__()
        self.generator = Generator(**sizes)
        self.names = nn.Parameter(torch.randn(len(LABELS), 1, CONCEPT))
        self.drawings = nn.Parameter(0.5 * torch.randn(len(LABELS), LOOKS, CONCEPT))
        self.templates = nn.Parameter(0.02 * torch.randn(len(LABELS), LOOKS, TEMPLATE))

    @property
    def table(self) -> Tensor:
        """(labels, LOOKS, CONCEPT + TEMPLATE)."""
        return torch.cat([self.names + self.drawings, GAIN * self.templates], dim=2)
