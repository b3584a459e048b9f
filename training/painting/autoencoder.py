"""Pictures to latents and back: 16 channels at a sixteenth of the size.

Neither half has a norm layer and both are fully convolutional, so any size that divides by sixteen
works. The decoder ships; its channels halve as its pixels quadruple and its last step is a pixel
shuffle by four, which keeps full-size layers, the costly ones, out of it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LATENT_CHANNELS = 16
FACTOR = 16


class Residual(nn.Module):
    """Two convolutions beside a straight path; starts as the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(F.relu(x))))


class Encoder(nn.Module):
    """(b, 3, h, w) in [-1, 1] to mean and log-variance, each (b, 16, h/16, w/16)."""

    def __init__(self, widths: tuple[int, int, int] = (48, 96, 192)) -> None:
        super().__init__()
        shallow, middle, deep = widths
        self.net = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, shallow, 3, padding=1),
            Residual(shallow),
            nn.Conv2d(shallow, middle, 2, stride=2),
            Residual(middle),
            Residual(middle),
            nn.Conv2d(middle, deep, 2, stride=2),
            Residual(deep),
            Residual(deep),
            nn.ReLU(),
            nn.Conv2d(deep, 2 * LATENT_CHANNELS, 3, padding=1),
        )

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.net(pictures).chunk(2, dim=1)
        return mean, log_variance.clamp(-12.0, 4.0)


class Decoder(nn.Module):
    """(b, 16, h/16, w/16) latents to (b, 3, h, w) pictures in [-1, 1] (not clipped)."""

    def __init__(self, widths: tuple[int, int, int] = (192, 96, 64)) -> None:
        super().__init__()
        deep, middle, shallow = widths
        self.net = nn.Sequential(
            nn.Conv2d(LATENT_CHANNELS, deep, 3, padding=1),
            Residual(deep),
            Residual(deep),
            Residual(deep),
            nn.Conv2d(deep, 4 * middle, 1),
            nn.PixelShuffle(2),
            Residual(middle),
            Residual(middle),
            nn.Conv2d(middle, 4 * shallow, 1),
            nn.PixelShuffle(2),
            Residual(shallow),
            Residual(shallow),
            nn.ReLU(),
            nn.Conv2d(shallow, 48, 3, padding=1),
            nn.PixelShuffle(4),
        )

    def forward(self, latents: Tensor) -> Tensor:
        return self.net(latents)


class Autoencoder(nn.Module):
    """Encoder, decoder and the scale that brings latents to unit variance per channel."""

    latent_mean: Tensor
    latent_std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()
        self.register_buffer("latent_mean", torch.zeros(1, LATENT_CHANNELS, 1, 1))
        self.register_buffer("latent_std", torch.ones(1, LATENT_CHANNELS, 1, 1))

    def encode(self, pictures: Tensor) -> Tensor:
        """(b, 3, h, w) in [-1, 1] to latents of zero mean and unit variance."""
        return (self.encoder(pictures)[0] - self.latent_mean) / self.latent_std

    def decode(self, latents: Tensor) -> Tensor:
        """The inverse of `encode`, as far as sixteen channels carry."""
        return self.decoder(latents * self.latent_std + self.latent_mean)


def to_model(pictures: Tensor) -> Tensor:
    """u8 (b, h, w, 3) to f32 (b, 3, h, w) in [-1, 1]."""
    return pictures.permute(0, 3, 1, 2).float().div(127.5).sub(1.0)


def to_pixels(pictures: Tensor) -> Tensor:
    """f32 (b, 3, h, w) in [-1, 1] to u8 (b, h, w, 3)."""
    return pictures.add(1.0).mul(127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


def reconstruction_loss(made: Tensor, true: Tensor) -> Tensor:
    """Absolute error of pixels, of their differences at two scales, and of the colour of regions.

    The differences weigh edges, which plain pixel losses leave soft; the regions (8 by 8 pixels)
    keep colours from waiting until the edges are learned.
    """
    error = made - true
    loss = error.abs().mean() + F.avg_pool2d(error, 8).abs().mean()
    for _ in range(2):
        loss = loss + 0.5 * (error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean())
        error = F.avg_pool2d(error, 2)
    return loss
