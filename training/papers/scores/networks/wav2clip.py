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

from training.papers.models.resnet import ResNet
from training.papers.scores.networks.weights import Weights, fill, hash_of, read_state

RATE = 16000
FFT, HOP = 512, 353
SHORTEST = FFT
"""Samples: what is shorter is padded with silence."""


class Wav2Clip(nn.Module):
    """f32 (b, samples) at 16 kHz to embeddings (b, 512)."""

    dim = 512

    def __init__(self) -> None:
        super().__init__()
        transform: Any = nn.Module()
        transform.sequential = nn.Sequential(
            nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.1), nn.Linear(512, 512)
        )
        self.audio_encoder, self.audio_transform = ResNet(18, channels=1), transform

    def forward(self, sound: Tensor) -> Tensor:
        window = torch.hann_window(FFT, device=sound.device)
        bins = torch.stft(sound, FFT, HOP, window=window, return_complex=True)
        x = torch.log(bins.abs() ** 2 + 1e-7)[:, None]
        x = x - x.mean((1, 2, 3), keepdim=True)
        x = x / (x.std((1, 2, 3), keepdim=True) + 1e-9)
        transform: Any = self.audio_transform
        return transform.sequential(self.audio_encoder(x))


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
