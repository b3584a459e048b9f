"""Lands that the generator remembers: where hills, trees and the sun stand behind the sources.

In few steps a generator cannot decide a land from noise alone: its first step, from t = 1, is the
mean of all lands that might be, and only the second, from t = 0.5, draws. Given a land of the world
to half noise it draws it crisp. So the noisy latents of t = 0.5 are moved onto a remembered land,
everywhere but around the sources, whose ground stays what the first step made it
(semi-parametric synthesis, Blattmann et al. 2022; the start on noised pictures: SDEdit, Meng et al.
2022). A panel is one thing seen from near and has none.

A land is the same place in every light, so that light moves over it; each season and style has
places of its own, by the water, among houses and in the wild.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES
from training.loop.checkpoints import load_checkpoint
from training.painting.autoencoder import LATENT_CHANNELS
from training.painting.distillation import Velocity
from training.painting.drawings import cells
from training.painting.generator import LOOKS, aspect, grid
from training.vocabulary import LABELS

ROWS, COLUMNS = 18, 32
"""Latents of a land: a scene of 1024x576 pixels."""
KINDS = ("water", "homes", "wild")
COUNT = len(SEASONS) * len(STYLES) * len(KINDS) * len(LIGHTS)
LEVELS, STEP = 6, 0.75
"""A latent is kept as one of so many levels, so far from one another; half of what comes out is
noise, beside which what is lost is little."""
FIT, CHANCE, SILENCE = 20.0, 1.5, 0.05
"""How much what sounds, and how much the noise, have to say in which kind of land it is; and the
weight of silence, which is at home anywhere."""
SQUARE, WIDE = 1.1, 1.4
"""Width over height of a picture up to which it has no land, and from which it has a whole one."""
NEAR, TALL, WAY = 0.75, 0.62, 0.2
"""Half the width and half the height of the ground that a source keeps, and half the height of the
road or the rails under it, which cross the picture; all in heights of its box."""
WAVES = ((0, 0), (1, 0), (0, 1), (1, 1))
"""Half waves across and down, by which the noise is looked at."""


class Lands(nn.Module):
    """The land for what sounds, and where it is not to be laid."""

    codes: Tensor
    """(COUNT, channels * ROWS * COLUMNS) in 0 to LEVELS - 1, in the order of `COUNT`."""
    fits: Tensor
    """(labels + 1, KINDS) how well a sound goes with a kind of land, in [0, 1]; last silence."""
    held: Tensor
    """(labels, 3) how firmly a label keeps its ground, and a way across the picture, in [0, 1];
    and how many times as far as others its ground reaches."""

    def __init__(self) -> None:
        super().__init__()
        size = LATENT_CHANNELS * ROWS * COLUMNS
        self.register_buffer("codes", torch.zeros(COUNT, size))
        self.register_buffer("fits", torch.zeros(len(LABELS) + 1, len(KINDS)))
        self.register_buffer("held", torch.ones(len(LABELS), 3))
        chances = torch.randn(
            len(KINDS), LATENT_CHANNELS * len(WAVES), generator=torch.Generator().manual_seed(0)
        )
        chances = chances / chances.norm(dim=1, keepdim=True)
        self.register_buffer("chances", chances, persistent=False)
        self.chances: Tensor

    def forward(
        self, shares: Tensor, weights: Tensor, places: Tensor, atmosphere: Tensor, noise: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The land and where it lies.

        Args:
            shares: (b, s, labels * LOOKS) of the sources.
            weights: (b, s).
            places: (b, s, 4) x, y, height and facing of the boxes.
            atmosphere: (b, 14).
            noise: (b, 16, h, w), which decides where nothing else does.

        Returns:
            (b, 16, h, w) latents, and (b, 1, h, w) shares of them in [0, 1].
        """
        labels = shares.unflatten(2, (-1, LOOKS)).sum(3)  # (b, s, labels)
        pick = self._pick(labels, weights, atmosphere, noise)
        land = ((pick @ self.codes) - (LEVELS - 1) / 2) * STEP
        land = land.unflatten(1, (LATENT_CHANNELS, ROWS, COLUMNS))
        pixels = grid(noise)
        down = linear_shares(pixels[:, 1, :, 0], ROWS)  # (b, h, ROWS)
        across = linear_shares(pixels[:, 0, 0], COLUMNS)
        laid = down[:, None] @ land @ across.transpose(1, 2)[:, None]
        return laid, 1 - self._kept(labels, weights, places, noise)

    def _pick(self, labels: Tensor, weights: Tensor, atmosphere: Tensor, noise: Tensor) -> Tensor:
        """(b, COUNT) shares of the lands."""
        sounding = (labels * weights[..., None]).sum(1)
        sounding = torch.cat([sounding, torch.full_like(sounding[:, :1], SILENCE)], 1)
        sounding = sounding / sounding.sum(1, keepdim=True)
        x, y = (grid(noise) * torch.pi).unbind(1)
        seen = []
        for columns, rows in WAVES:
            wave = torch.cos(x * columns) * torch.cos(y * rows)
            length = wave.square().sum((1, 2)).sqrt()[:, None]
            seen.append((noise * wave[:, None]).sum((2, 3)) / length)
        drawn = torch.cat(seen, 1) @ self.chances.T
        kinds = torch.softmax(FIT * (sounding @ self.fits) + CHANCE * drawn, 1)
        light, season, style = atmosphere.split([len(LIGHTS), len(SEASONS), len(STYLES)], 1)
        pick = season[:, :, None] * style[:, None]
        for more in (kinds, light):
            pick = pick.flatten(1)[..., None] * more[:, None]
        return pick.flatten(1)

    def _kept(self, labels: Tensor, weights: Tensor, places: Tensor, like: Tensor) -> Tensor:
        """(b, 1, h, w) how much of the ground belongs to the sources, in [0, 1]."""
        pixels, wide = grid(like), aspect(like)[:, 0]  # (b, 2, h, w), (b, 1, 1)
        x, y, height, _ = places[:, :, None].unbind(-1)  # (b, s, 1)
        height = height.clamp(min=0.05)
        ground, crossing, reach = (labels @ self.held)[..., None].unbind(2)  # (b, s, 1)
        reach = height * reach.clamp(min=0.5)
        across = (pixels[:, 0, :1] - x) * wide / (NEAR * reach)
        down = pixels[:, 1, :, :1].transpose(1, 2) - y
        near = torch.exp(-across[:, :, None].pow(4) - (down / (TALL * reach))[..., None].pow(4))
        way = torch.exp(-((down / height - 0.5) / WAY).pow(4))[..., None]
        kept = torch.maximum(near * ground[..., None], way * crossing[..., None])
        there = weights.clamp(1e-8, 1.0).pow(0.25)[..., None, None]
        return (kept * there).amax(1, keepdim=True)


def linear_shares(values: Tensor, count: int) -> Tensor:
    """(b, n) places in (0, 1) to (b, n, count): linear shares of equal cells, the first and the
    last also beyond their middles."""
    outermost = 1 - 1 / count
    return cells((2 * values - 1).clamp(-outermost, outermost), count)


def sample_on(velocity: Velocity, noise: Tensor, steps: int, land: Tensor, where: Tensor) -> Tensor:
    """Latents in one or two steps from noise (b, c, h, w), on a land where it is wanted.

    With one step a picture with a land is all land to begin with; one without is painted from noise
    as by `distillation.sample`. land, where: of `Lands`.
    """
    shape = aspect(noise)
    whole = ((shape - SQUARE) / (WIDE - SQUARE)).clamp(0, 1)  # (b, 1, 1, 1)
    one = torch.ones_like(noise[:, 0, 0, 0])
    if steps == 1:
        t = one - 0.5 * whole[:, 0, 0, 0]
        z = torch.lerp(land, noise, 1 - 0.5 * whole)
        return z - t[:, None, None, None] * velocity(z, t, 0 * one)
    z = noise - 0.5 * velocity(noise, one, 0.5 * one)
    z = z + whole * where * (0.5 * (land + noise) - z)
    return z - 0.5 * velocity(z, 0.5 * one, 0 * one)


def in_levels(latents: Tensor) -> Tensor:
    """Latents of unit variance as numbers of their levels, 0 to LEVELS - 1."""
    return (latents / STEP + (LEVELS - 1) / 2).round().clamp(0, LEVELS - 1)


def load_lands(path: Path) -> Lands:
    """The lands of a run. Raises FileNotFoundError with the remedy."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"no lands {path}: run python -m training.gather_lands")
    lands = Lands()
    lands.load_state_dict(saved["model"])
    return lands.eval().requires_grad_(False)
