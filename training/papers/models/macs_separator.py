"""MACS's separator: masks over the spectrum of a clip, by a U-Net of its public checkpoint's names.

A clip of 8 s at 16 kHz is 201 bins by 641 frames of 25 ms, every 12.5. The tables of positions in
the first layers fix that length.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, interpolate

from training.papers.checkpoints.strict import load_strictly, read_tensors
from training.papers.harness.across import SharedBatchNorm2d
from training.papers.harness.draws import Dropout

FRAME = 400
"""Samples; frames begin half of that apart."""
_NOT_OURS = ("clap.", "model.clap.", "model.stft.", "model.istft.", "model.resample.", "unperm")
"""In the public file, beside the separator: the frozen CLAP, windows and tables."""


class MacsSeparator(nn.Module):
    """(b, n) mixtures of one length to (b, m, n) separated sounds that add up to them."""

    window: Tensor

    def __init__(self, samples: int, slots: int = 6, width: int = 64) -> None:
        """samples: of a clip. width: of the U-Net's outermost layer, a multiple of 16."""
        super().__init__()
        self.unet = _UNet(slots, FRAME // 2 + 1, samples // (FRAME // 2) + 1, width)
        self.tau2 = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        """Log of the scale of the alignment's cosines, which is learnt along."""
        self.samples, self.slots = samples, slots
        self.register_buffer("window", torch.hann_window(FRAME), persistent=False)

    def forward(self, mixture: Tensor) -> Tensor:
        """See the class."""
        with torch.autocast(mixture.device.type, enabled=False):
            spectrum = torch.stft(
                mixture.float(), FRAME, FRAME // 2, window=self.window, return_complex=True
            )
        power = spectrum.real**2 + spectrum.imag**2
        masks = self.unet(power[:, None]).float().sigmoid()
        parts = (masks * spectrum[:, None]).flatten(0, 1)
        with torch.autocast(mixture.device.type, enabled=False):
            found = torch.istft(
                parts, FRAME, FRAME // 2, window=self.window, length=mixture.shape[1]
            )
        found = found.unflatten(0, (-1, self.slots))
        return found + (mixture[:, None] - found.sum(1, keepdim=True)) / self.slots


def read_macs_separator(path: Path, samples: int, slots: int = 6) -> MacsSeparator:
    """The separator of a public `separator_FSD50K_full.pt`. Raises CheckpointError."""
    tensors = {
        name.removeprefix("model."): tensor
        for name, tensor in read_tensors(path).items()
        if not name.startswith(_NOT_OURS)
    }
    width = tensors.get("unet.in_conv.4.weight", torch.empty(64)).shape[0]
    made = MacsSeparator(samples, slots, width)
    load_strictly(made, tensors, path)
    return made


class _Positions(nn.Module):
    def __init__(self, channels: int, height: int, width: int) -> None:
        super().__init__()
        self.row_embed = nn.Parameter(0.05 * torch.randn(channels, height))
        self.col_embed = nn.Parameter(0.05 * torch.randn(channels, width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.row_embed[:, :, None] + self.col_embed[:, None, :]


class _Squeeze(nn.Module):
    """Weighs channels by their greatest value anywhere (squeeze and excitation)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        few = channels // 16
        self.fc = nn.Sequential(nn.Linear(channels, few), nn.GELU(), nn.Linear(few, channels))

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x.amax((2, 3))).sigmoid()[:, :, None, None] * x


def _convolve(given: int, made: int) -> list[nn.Module]:
    return [nn.Conv2d(given, made, 3, padding=1), SharedBatchNorm2d(made)]


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_convolve(channels, channels), nn.GELU(), *_convolve(channels, channels)
        )
        self.senet = _Squeeze(channels)

    def forward(self, x: Tensor) -> Tensor:
        return gelu(self.senet(x + self.layers(x)))


class _Level(nn.Module):
    """Half the size, what lies below, and back, laid beside what came in."""

    def __init__(self, outer: int, inner: int, below: nn.Module | None) -> None:
        super().__init__()
        wide = inner if below is None else 2 * inner
        self.downconv = nn.Conv2d(outer, inner, 4, stride=2, padding=1)
        self.downnorm = SharedBatchNorm2d(inner)
        self.downresblock = _Residual(inner)
        self.dropout = nn.Identity() if below is None else Dropout(0.5, channels=True)
        self.submodule = _Squeeze(inner) if below is None else below
        self.upresblock = _Residual(wide)
        self.upconv = nn.ConvTranspose2d(wide, outer, 4, stride=2, padding=1)
        self.upnorm = SharedBatchNorm2d(outer)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.downresblock(gelu(self.downnorm(self.downconv(x))))
        inner = self.upresblock(self.submodule(self.dropout(inner)))
        back = gelu(self.upnorm(self.upconv(inner)))
        if back.shape[2:] != x.shape[2:]:
            back = interpolate(back, x.shape[2:], mode="bilinear", align_corners=True)
        return torch.cat([x, back], 1)


class _UNet(nn.Module):
    def __init__(self, slots: int, bins: int, frames: int, width: int) -> None:
        super().__init__()
        below = None
        for outer, inner in ((8, 8), (4, 8), (2, 4), (1, 2), (1, 1)):
            below = _Level(outer * width, inner * width, below)
        self.unet = below
        first = [nn.Conv2d(1, slots, 3, padding=1), _Positions(slots, bins, frames)]
        self.in_conv = nn.Sequential(
            *first, SharedBatchNorm2d(slots), nn.GELU(), *_convolve(slots, width), nn.GELU()
        )
        self.out_conv = nn.Sequential(
            *_convolve(2 * width, width), nn.GELU(), *_convolve(width, width), nn.GELU(),
            nn.Conv2d(width, slots, 1),
        )  # fmt: skip
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, nn.Linear):
                nn.init.xavier_normal_(module.weight)
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                assert module.bias is not None
                nn.init.zeros_(module.bias)

    def forward(self, power: Tensor) -> Tensor:
        return self.out_conv(self.unet(self.in_conv(power)))  # pyright: ignore[reportOptionalCall]
