"""CLAP's ear as one graph: a waveform goes in, a point of the joint sound-text space comes out.

Three parts, each a module of its own: from 16 kHz to the 48 kHz that CLAP hears (`Upsample`), the
log-mel picture that `ClapFeatureExtractor` makes of ten seconds (`ClapFeatures`), and the audio
tower with its projection (`ClapEar` holds all). Everything is convolutions, matrix products and
gathers with constants, because torch.stft and the tower's own bicubic resize do not travel well
from runtime to runtime.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from export.checkpoints.clap import Clap, Hearing

QUIET = 1e-10
"""Powers under this are taken for it: -100 dB."""


class Upsample(nn.Module):
    """(b, n) at 16 kHz to (b, times n) at `times` that rate, by a windowed sinc in phases.

    Flat to nine tenths of the old band and 90 dB down from its edge on (Kaiser's formula); what
    lies over the old band is silence, as it is in any recording of that rate.
    """

    filters: Tensor

    def __init__(self, times: int, half: int = 64) -> None:
        """half: input samples that the filter sees to either side."""
        super().__init__()
        self.reach = half
        taps = np.arange(-half * times, half * times + 1)
        cutoff = 0.95 / times
        window = np.kaiser(len(taps), 8.96)
        low = cutoff * times * np.sinc(cutoff * taps) * window
        # output sample times*i + phase sees input sample i + k through tap phase - times*k
        filters = np.zeros((times, 1, 2 * half + 1))
        for phase in range(times):
            for k in range(-half, half + 1):
                tap = phase - times * k
                if abs(tap) <= half * times:
                    filters[phase, 0, k + half] = low[tap + half * times]
        self.register_buffer("filters", torch.from_numpy(filters.astype(np.float32)))

    def forward(self, audio: Tensor) -> Tensor:
        """(b, n) -> (b, times n)."""
        padded = nn.functional.pad(audio[:, None], (self.reach, self.reach))
        return nn.functional.conv1d(padded, self.filters).transpose(1, 2).flatten(1)


class ClapFeatures(nn.Module):
    """(b, n) at CLAP's rate to its log-mel picture (b, 1, frames, bands), in dB.

    As `ClapFeatureExtractor` with truncation "rand_trunc" and padding "repeatpad": a clip shorter
    than ten seconds is repeated as often as it fits, and silence follows. Of a longer clip the
    newest ten seconds count, not a crop by chance. The tower would stretch the frames by a bicubic
    resize; that is a constant matrix, applied here.
    """

    filters: Tensor
    mel: Tensor
    stretch: Tensor

    def __init__(self, hearing: Hearing) -> None:
        super().__init__()
        self.hop, self.size, self.most = hearing.hop, hearing.fft, hearing.samples
        frames = 1 + self.most // self.hop
        bins = np.flatnonzero(hearing.mel.any(1))
        first, last = int(bins[0]), int(bins[-1]) + 1  # no band looks at the others
        angle = 2 * np.pi * np.arange(first, last)[:, None] * np.arange(self.size) / self.size
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.size) / self.size)
        waves = np.concatenate([np.cos(angle), -np.sin(angle)]) * hann
        self.register_buffer("filters", torch.from_numpy(waves[:, None].astype(np.float32)))
        self.register_buffer("mel", torch.from_numpy(hearing.mel[first:last].astype(np.float32)))
        self.register_buffer("stretch", _stretch(frames, hearing.frames))

    def forward(self, audio: Tensor) -> Tensor:
        """(b, n) -> (b, 1, frames, bands)."""
        bins = self.mel.shape[0]
        whole = nn.functional.pad(
            self._ten_seconds(audio)[:, None], (self.size // 2,) * 2, "reflect"
        )
        parts = nn.functional.conv1d(whole, self.filters, stride=self.hop)
        power = parts[:, :bins] ** 2 + parts[:, bins:] ** 2
        mel = torch.matmul(power.transpose(1, 2), self.mel)
        loud = torch.log(mel.clamp(min=QUIET)) * (10 / math.log(10))
        return torch.matmul(self.stretch, loud)[:, None]

    def _ten_seconds(self, audio: Tensor) -> Tensor:
        """(b, n) -> (b, most): repeated and padded, or the newest of it."""
        # as tensors, because arithmetic with a free size does not export
        given = torch.full((1,), audio.shape[1], dtype=torch.int64)
        most = torch.full((1,), self.most, dtype=torch.int64)
        repeated = torch.where(given > most, most, most - torch.remainder(most, given))
        newest = (given - most).clamp(min=0)
        at = torch.arange(self.most)
        heard = at < repeated
        taken = torch.where(heard, torch.remainder(at, given) + newest, 0)
        return audio[:, taken] * heard


class ClapEar(nn.Module):
    """Waveforms (b, n) to unit embeddings (b, d)."""

    def __init__(self, clap: Clap, from_hz: int) -> None:
        """from_hz: rate of the waveforms; CLAP's own, or one that divides it.

        Raises ValueError for another.
        """
        super().__init__()
        if clap.hearing.rate_hz % from_hz:
            raise ValueError(f"{clap.hearing.rate_hz} Hz is no multiple of {from_hz} Hz")
        times = clap.hearing.rate_hz // from_hz
        self.upsample = Upsample(times) if times > 1 else nn.Identity()
        self.features = ClapFeatures(clap.hearing)
        tower = clap.model.audio_model.audio_encoder
        # A fused tower looks at longer clips twice; nothing is longer here.
        tower.enable_fusion = tower.patch_embed.enable_fusion = False
        self.tower, self.projection = tower, clap.model.audio_projection

    def forward(self, audio: Tensor) -> Tensor:
        """(b, n) -> (b, d) of length 1."""
        heard = self.tower(self.features(self.upsample(audio)), return_dict=True)
        return nn.functional.normalize(self.projection(heard.pooler_output), dim=-1)


def _stretch(frames: int, wanted: int) -> Tensor:
    """(wanted, frames): the bicubic resize along time that the tower applies, as a matrix."""
    if frames == wanted:
        return torch.eye(frames)
    one = torch.eye(frames, dtype=torch.float64).T[None, None]
    return nn.functional.interpolate(one, (wanted, frames), mode="bicubic", align_corners=True)[
        0, 0
    ].float()
