"""The encoder: which labels sound in a mixture, and where it lies among texts.

Log-mel (64 bands) -> residual CNN -> attention, maximum and spread over time, beside two short
roads that need few examples: each band's level over the whole clip, and its rhythm. What these make
of a clip is read three ways: presences of labels (several at once), a point on the unit sphere that
sounds share with texts (128 numbers, in the manner of CLAP's audio tower, Elizalde et al. 2022; Wu
et al. 2023), and, while it learns, whatever its teacher says. The loudest point of the clip is 0
dB, so that the distance of the microphone does not change what is heard. There is no fixed length:
frames are pooled, windows that are only partly filled count by what is in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.hearing.spectrogram import fourier_matrix, mel_matrix, sqrt_hann
from training.vocabulary import LABELS


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Everything that fixes the encoder's weights."""

    sample_rate_hz: int = 16000
    frame: int = 512
    hop: int = 256
    bands: int = 64
    channels: tuple[int, ...] = (24, 64, 128, 224)
    depth: tuple[int, ...] = (1, 2, 2)
    """Residual blocks after the stem, by stage."""
    pooled: int = 256
    """Channels once the frequencies are folded in."""
    embedding: int = 128
    beats_hz: tuple[float, ...] = (
        1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 22, 24, 26, 28,
    )  # fmt: skip
    """Rhythms looked for in the envelopes."""
    beat_frames: int = 128
    """Length of that look, two seconds."""
    envelopes: int = 16
    """Groups of bands whose rhythm is looked at."""


HIDDEN = 512
"""Width of the features that every head reads."""
PRESENCES = len(LABELS) + 1
"""Every label of the vocabulary, then anything outside it."""


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


class Rhythm(nn.Module):
    """How strongly each group of bands beats at each rate: hooves, clocks, engines, crickets.

    A convolution over pooled frames cannot see this; a windowed Fourier sum over two seconds of
    each envelope can.
    """

    def __init__(self, shape: EncoderShape, features: int) -> None:
        super().__init__()
        self.groups, self.rates = shape.envelopes, len(shape.beats_hz)
        size = shape.beat_frames
        at = torch.arange(size) - (size - 1) / 2
        window = torch.hann_window(size, periodic=False)
        seconds = at * shape.hop / shape.sample_rate_hz
        phase = 2 * math.pi * torch.tensor(shape.beats_hz)[:, None] * seconds
        waves = torch.cat([torch.cos(phase), torch.sin(phase)]) * window
        # No wave answers to a steady level.
        waves = waves - waves.sum(1, keepdim=True) / window.sum() * window
        self.register_buffer("waves", (2 * waves / window.sum())[:, None], persistent=False)
        self.waves: Tensor
        self.norm = nn.BatchNorm1d(self.groups * self.rates)
        self.layers = nn.Sequential(
            nn.Dropout(0.3), nn.Linear(self.groups * self.rates, features), nn.ReLU()
        )

    def forward(self, levels: Tensor) -> Tensor:
        """(b, frames, bands) levels -> (b, features)."""
        b, frames, bands = levels.shape
        envelopes = levels.reshape(b, frames, self.groups, bands // self.groups).mean(3)
        envelopes = (envelopes - envelopes.mean(1, keepdim=True)).transpose(1, 2)
        half = self.waves.shape[2] // 2
        padded = nn.functional.pad(envelopes.reshape(b * self.groups, 1, frames), (half, half))
        both = nn.functional.conv1d(padded, self.waves, stride=half // 2)
        power = both[:, : self.rates] ** 2 + both[:, self.rates :] ** 2
        strength = torch.log10(power.mean(2) + 1e-4).reshape(b, self.groups * self.rates)
        return self.layers(self.norm(strength.float()))


class Encoder(nn.Module):
    """Levels (b, frames, bands) -> features (b, 512), presences (b, 49), embeddings (b, 128)."""

    calibration: Tensor
    """(2,) slope and shift of the presences' logits, which make them probabilities."""

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
        self.register_buffer("pitch", torch.linspace(-1, 1, shape.bands), persistent=False)
        self.window: Tensor
        self.analysis: Tensor
        self.mel: Tensor
        self.pitch: Tensor
        stem, *wider = shape.channels
        self.stem = nn.Conv2d(3, stem, 5, 2, 2, bias=False)
        self.stem_norm = nn.BatchNorm2d(stem)
        stages: list[nn.Module] = []
        inner = stem
        for outer, depth in zip(wider, shape.depth, strict=True):
            stages.append(Residual(inner, outer, 2))
            stages += [Residual(outer, outer, 1) for _ in range(depth - 1)]
            inner = outer
        self.stages = nn.Sequential(*stages)
        left = shape.bands >> len(shape.channels)
        self.fold = nn.Conv2d(inner, shape.pooled, (1, left), bias=False)
        self.fold_norm = nn.BatchNorm2d(shape.pooled)
        self.attention = nn.Linear(shape.pooled, 1)
        self.colour_norm = nn.BatchNorm1d(3 * shape.bands)
        self.colour = nn.Sequential(nn.Dropout(0.2), nn.Linear(3 * shape.bands, 96), nn.ReLU())
        self.rhythm = Rhythm(shape, 96)
        self.head = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(3 * shape.pooled + 2 * 96, HIDDEN), nn.ReLU()
        )
        self.joint = nn.Linear(HIDDEN, shape.embedding)
        self.presence = nn.Linear(HIDDEN, PRESENCES)
        self.register_buffer("calibration", torch.tensor([1.0, 0.0]), persistent=False)

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
        # Not `+ 1e-9`, which exporters take for nothing: silence would be minus infinity.
        return torch.log10(torch.clamp(power @ self.mel, min=1e-9))

    def pooled(self, levels: Tensor) -> Tensor:
        """(b, frames, bands) log10 mel power -> (b, features) of the whole clip."""
        heard = torch.clamp(levels - levels.amax(dim=(1, 2), keepdim=True), min=-6.0)
        mean = heard.mean(1, keepdim=True)
        # The sound as it is, free of the microphone's and the room's colour, and the pitch axis,
        # which convolutions do not know.
        x = torch.stack([(heard + 2.5) * 0.6, heard - mean, self.pitch.expand_as(heard)], dim=1)
        if self.training:
            x = x.contiguous(memory_format=torch.channels_last)
        x = torch.relu(self.stem_norm(self.stem(x)))
        x = torch.relu(self.fold_norm(self.fold(self.stages(x))))[..., 0].transpose(1, 2).float()
        weight = torch.softmax(self.attention(x).float(), dim=1)
        pooled = [(x * weight).sum(1), x.amax(1), _spread(x, x.mean(1, keepdim=True))]
        colour = torch.cat([mean[:, 0], heard.amax(1), _spread(heard, mean)], dim=1)
        pooled += [self.colour(self.colour_norm(colour)), self.rhythm(heard)]
        return torch.cat(pooled, dim=1)

    def features(self, levels: Tensor) -> Tensor:
        """(b, frames, bands) log10 mel power -> (b, 512)."""
        return self.head(self.pooled(levels)).float()

    def embedding(self, features: Tensor) -> Tensor:
        """(b, 512) -> (b, d) unit embeddings, where texts lie too."""
        return nn.functional.normalize(self.joint(features).float(), dim=1, eps=1e-4)

    def forward(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """(b, n) waveforms at the shape's rate, n at least two frames -> (b, d) unit embeddings,
        (b, 49) presences in [0, 1]."""
        hidden = self.features(self.levels(audio))
        slope, shift = self.calibration
        return self.embedding(hidden), torch.sigmoid(self.presence(hidden) * slope + shift)


def _spread(x: Tensor, mean: Tensor) -> Tensor:
    """(b, t, c) -> (b, c) standard deviation over time."""
    return torch.sqrt(((x - mean) ** 2).mean(1) + 1e-4)
