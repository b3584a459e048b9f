"""The hearing and seeing of Sound2Vision and AV-GAS: spectrograms and pictures to one space."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, normalize

from training.papers.models.resnet import ResNet

FRAME, HOP = 512, 512 - 353
"""Samples at 16 kHz."""
SEEN = 224
"""Pixels of a picture as the picture side sees it."""
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pictures in [0, 1]."""


class SoundFeatures(nn.Module):
    """(b, n) sounds at 16 kHz to (b, parts, d): a feature for every sound that is told apart.

    Sound2Vision has one part; AV-GAS has two, the foreground first, then the background.
    """

    window: Tensor

    def __init__(self, network: ResNet, parts: int = 1) -> None:
        """network: of one channel, whose outputs are the parts' features one after another."""
        super().__init__()
        self.network, self.parts = network, parts
        # a Tukey window, a quarter of it slopes: scipy.signal.spectrogram's own
        place = torch.arange(FRAME) / FRAME * 8
        slope = 0.5 * (1 - torch.cos(math.pi * torch.minimum(place, 8 - place).clamp(max=1)))
        self.register_buffer("window", slope, persistent=False)

    def forward(self, sound: Tensor) -> Tensor:
        """See the class."""
        return self.network(self.spectrogram(sound)[:, None]).unflatten(1, (self.parts, -1))

    def spectrogram(self, sound: Tensor) -> Tensor:
        """(b, n) -> (b, 257, frames) log power, of mean 0 and spread 1 in each clip."""
        with torch.autocast(sound.device.type, enabled=False):
            frames = sound.float().unfold(-1, FRAME, HOP)
            frames = (frames - frames.mean(-1, keepdim=True)) * self.window
            power = torch.fft.rfft(frames).abs() ** 2 / (16000 * (self.window**2).sum())
            power[..., 1:-1] = 2 * power[..., 1:-1]
            level = torch.log(power + 1e-7).transpose(1, 2)
            mean, spread = level.mean((1, 2), keepdim=True), level.std((1, 2), keepdim=True)
            return (level - mean) / (spread + 1e-9)


class _Seeing(nn.Module):
    mean: Tensor
    spread: Tensor

    def __init__(self, network: ResNet) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(_MEAN)[:, None, None], persistent=False)
        self.register_buffer("spread", torch.tensor(_SPREAD)[:, None, None], persistent=False)

    def levels(self, pictures: Tensor) -> Tensor:
        """(b, 3, h, w) in [-1, 1] -> (b, 3, SEEN, SEEN) as networks of ImageNet take them."""
        if pictures.shape[-1] != SEEN:
            size = (SEEN, SEEN)
            pictures = interpolate(pictures, size, mode="bicubic", antialias=True).clamp(-1, 1)
        return ((pictures + 1) / 2 - self.mean) / self.spread


class PictureFeatures(_Seeing):
    """(b, 3, h, w) pictures in [-1, 1] to (b, d) unit vectors; not trained."""

    @torch.no_grad()
    def forward(self, pictures: Tensor) -> Tensor:
        """See the class."""
        return normalize(self.network(self.levels(pictures)), dim=1)


class PictureMaps(_Seeing):
    """(b, 3, h, w) pictures in [-1, 1] to (b, d, 7, 7): what there is at every place of them."""

    def forward(self, pictures: Tensor) -> Tensor:
        """See the class."""
        return self.network.maps(self.levels(pictures))
