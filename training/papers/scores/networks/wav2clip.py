"""Wav2CLIP: sounds in the space of CLIP ViT-B/32, from the public checkpoint's format.

A ResNet-18 over the logarithm of a power spectrogram at 16 kHz, standardised clip by clip, and two
linear layers. Weights: a checkpoint with a `state_dict` of `audio_encoder.*` and
`audio_transform.*`, such as `ResNet_CX.ckpt`, or that state_dict alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.papers.scores.networks.weights import Weights, fill, hash_of, read_state

RATE = 16000
FFT, HOP = 512, 353
SHORTEST = FFT
"""Samples: what is shorter is padded with silence."""


class Block(nn.Module):
    """Two convolutions beside a straight or a projected path."""

    def __init__(self, entering: int, leaving: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(entering, leaving, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(leaving)
        self.conv2 = nn.Conv2d(leaving, leaving, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(leaving)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(entering, leaving, 1, stride, bias=False), nn.BatchNorm2d(leaving)
            )

    def forward(self, x: Tensor) -> Tensor:
        inner = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(inner)) + self.downsample(x))


class Wav2Clip(nn.Module):
    """f32 (b, samples) at 16 kHz to embeddings (b, 512)."""

    dim = 512

    def __init__(self) -> None:
        super().__init__()
        encoder: Any = nn.Module()
        encoder.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        encoder.bn1 = nn.BatchNorm2d(64)
        widths = (64, 64, 128, 256, 512)
        for i in range(4):
            blocks = nn.Sequential(
                Block(widths[i], widths[i + 1], 1 if i == 0 else 2),
                Block(widths[i + 1], widths[i + 1], 1),
            )
            encoder.add_module(f"layer{i + 1}", blocks)
        transform: Any = nn.Module()
        transform.sequential = nn.Sequential(
            nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.1), nn.Linear(512, 512)
        )
        self.audio_encoder, self.audio_transform = encoder, transform

    def forward(self, sound: Tensor) -> Tensor:
        window = torch.hann_window(FFT, device=sound.device)
        bins = torch.stft(sound, FFT, HOP, window=window, return_complex=True)
        x = torch.log(bins.abs() ** 2 + 1e-7)[:, None]
        x = x - x.mean((1, 2, 3), keepdim=True)
        x = x / (x.std((1, 2, 3), keepdim=True) + 1e-9)
        part: Any = self.audio_encoder
        x = torch.relu(part.bn1(part.conv1(x)))
        x = nn.functional.max_pool2d(x, 3, 2, 1)
        x = part.layer4(part.layer3(part.layer2(part.layer1(x)))).mean((2, 3))
        transform: Any = self.audio_transform
        return transform.sequential(x)


@dataclass(frozen=True, slots=True)
class SoundNetwork:
    """An opened Wav2CLIP."""

    model: Wav2Clip
    weights: Weights


def load_wav2clip(path: Path) -> SoundNetwork:
    """Read a checkpoint. Raises InputError, one line."""
    state = read_state(path)
    state = state.get("state_dict", state)
    wanted = ("audio_encoder.", "audio_transform.")
    # its classifier and its table of the window are of no use to an embedding
    unused = ("audio_encoder.fc.", "audio_encoder.spectrogram.")
    kept = {
        name: value
        for name, value in state.items()
        if name.startswith(wanted) and not name.startswith(unused)
    }
    model = Wav2Clip()
    fill(model, kept, path, "a Wav2CLIP checkpoint")
    return SoundNetwork(model.eval(), Weights("Wav2CLIP", hash_of(path)))


@torch.inference_mode()
def sound_embedding(network: SoundNetwork, sound: np.ndarray) -> np.ndarray:
    """f32 (512,) of one clip (n,) at 16 kHz."""
    samples = torch.from_numpy(np.asarray(sound, np.float32))
    samples = nn.functional.pad(samples, (0, max(0, SHORTEST - len(samples))))
    return network.model(samples[None])[0].numpy()
