"""The audio encoder: waveform to a point on the unit sphere that it shares with texts.

Log-mel (64 bands) -> residual CNN -> attention and maximum over time -> 128 numbers of length 1, in
the manner of CLAP's audio tower (Elizalde et al. 2022; Wu et al. 2023) at the size of a live show.
The loudest point of the clip is 0 dB, so that the distance of the microphone does not change what
is heard. There is no fixed length: frames are pooled, windows that are only partly filled count by
what is in them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.spectrogram import fourier_matrix, mel_matrix, sqrt_hann


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Everything that fixes the encoder's weights."""

    sample_rate_hz: int = 16000
    frame: int = 512
    hop: int = 256
    bands: int = 64
    channels: tuple[int, ...] = (32, 64, 128, 192)
    embedding: int = 128


class Residual(nn.Module):
    """Two 3x3 convolutions with batch norm beside a shortcut; halves both axes when strided."""

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outer)
        self.second = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outer)
        nn.init.zeros_(self.second_norm.weight)
        same = stride == 1 and inner == outer
        self.shortcut = None if same else nn.Conv2d(inner, outer, 1, stride, bias=False)
        self.shortcut_norm = None if same else nn.BatchNorm2d(outer)

    def forward(self, x: Tensor) -> Tensor:
        """(b, c, t, f) -> (b, c', t', f')."""
        y = torch.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        if self.shortcut is not None and self.shortcut_norm is not None:
            x = self.shortcut_norm(self.shortcut(x))
        return torch.relu(x + y)


class Encoder(nn.Module):
    """Waveforms (b, n) -> unit embeddings (b, 128)."""

    def __init__(self, shape: EncoderShape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or EncoderShape()
        self.by_fft = True
        """Training uses the FFT; the exported graph uses matrices (same numbers)."""
        window = sqrt_hann(shape.frame) ** 2
        self.register_buffer("window", window, persistent=False)
        self.register_buffer(
            "analysis", window[:, None] * fourier_matrix(shape.frame), persistent=False
        )
        self.register_buffer(
            "mel",
            mel_matrix(shape.sample_rate_hz, shape.frame, shape.bands, 40.0, 7900.0),
            persistent=False,
        )
        self.window: Tensor
        self.analysis: Tensor
        self.mel: Tensor
        stem, *wider = shape.channels
        self.stem = nn.Conv2d(1, stem, 5, 2, 2, bias=False)
        self.stem_norm = nn.BatchNorm2d(stem)
        stages: list[nn.Module] = []
        inner = stem
        for outer in wider:
            stages.append(Residual(inner, outer, 2))
            inner = outer
        self.stages = nn.Sequential(*stages)
        self.attention = nn.Linear(2 * inner, 1)
        self.head = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(4 * inner, 256), nn.ReLU(), nn.Linear(256, shape.embedding)
        )

    def levels(self, audio: Tensor) -> Tensor:
        """(b, n) -> (b, frames, bands) log10 mel power."""
        size, hop = self.shape.frame, self.shape.hop
        n = audio.shape[1]
        # Whole frames only: the newest sound is kept, up to a hop of the oldest is left out.
        first = (n - size) % hop
        pieces = audio[:, first:].reshape(audio.shape[0], -1, hop)
        frames = torch.cat([pieces[:, :-1], pieces[:, 1:]], dim=2)
        if self.by_fft:
            spectrum = torch.fft.rfft(frames * self.window)
            power = spectrum.real**2 + spectrum.imag**2
        else:
            both = frames @ self.analysis
            re, im = both[..., : size // 2 + 1], both[..., size // 2 + 1 :]
            power = re * re + im * im
        return torch.log10(power @ self.mel + 1e-9)

    def of_levels(self, levels: Tensor) -> Tensor:
        """(b, frames, bands) log10 mel power -> (b, d) unit embeddings."""
        loudest = levels.amax(dim=(1, 2), keepdim=True)
        x = ((torch.clamp(levels - loudest, min=-6.0) + 2.5) * 0.6)[:, None]
        if self.training:
            x = x.contiguous(memory_format=torch.channels_last)
        x = torch.relu(self.stem_norm(self.stem(x)))
        x = self.stages(x)
        x = torch.cat([x.mean(3), x.amax(3)], dim=1).transpose(1, 2).float()
        weight = torch.softmax(self.attention(x), dim=1)
        pooled = torch.cat([(x * weight).sum(1), x.amax(1)], dim=1)
        out = self.head(pooled).float()
        return out / torch.sqrt((out * out).sum(1, keepdim=True) + 1e-8)

    def forward(self, audio: Tensor) -> Tensor:
        """(b, n) waveforms at the shape's rate, n at least two frames -> (b, d) unit embeddings."""
        return self.of_levels(self.levels(audio))
