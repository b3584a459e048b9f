"""The Audio Spectrogram Transformer (Gong et al. 2021) as the ear of Seeing Sound, frozen."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from transformers import ASTFeatureExtractor, ASTModel

from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.strict import first_line, read_transformers

FRAME, HOP = 400, 160
"""Samples at 16 kHz."""
FLOOR = 1.192092955078125e-07
"""Kaldi's: the smallest step of a single-precision number at 1."""


class AstTokens(nn.Module):
    """(b, n) sounds at 16 kHz to (b, tokens, d): every state of the transformer's last layer."""

    filters: Tensor
    window: Tensor

    def __init__(self, model: ASTModel, features: ASTFeatureExtractor) -> None:
        super().__init__()
        self.model = model.requires_grad_(False)
        self.width = int(model.config.hidden_size)
        self._frames = int(model.config.max_length)
        self._mean, self._spread = float(features.mean), float(features.std)
        filters = torch.as_tensor(features.mel_filters, dtype=torch.float32)
        self.register_buffer("filters", filters, persistent=False)
        window = torch.hann_window(FRAME, periodic=False)
        self.register_buffer("window", window, persistent=False)

    @torch.no_grad()
    def forward(self, sound: Tensor) -> Tensor:
        """See the class."""
        return self.model(input_values=self.levels(sound)).last_hidden_state

    def levels(self, sound: Tensor) -> Tensor:
        """(b, n) -> (b, frames, bands), as the public feature extractor has them."""
        with torch.autocast(sound.device.type, enabled=False):
            frames = sound.float().unfold(-1, FRAME, HOP)
            frames = frames - frames.mean(-1, keepdim=True)
            before = torch.cat([frames[..., :1], frames[..., :-1]], -1)
            frames = (frames - 0.97 * before) * self.window
            power = torch.fft.rfft(frames, 512).abs() ** 2
            level = torch.log((power @ self.filters).clamp(min=FLOOR))
            level = pad(level, (0, 0, 0, self._frames - level.shape[1]))
            return (level - self._mean) / (2 * self._spread)


def read_ast(folder: Path) -> AstTokens:
    """A checkpoint in transformers' format, such as MIT/ast-finetuned-audioset-10-10-0.4593.

    Raises CheckpointError.
    """
    model = read_transformers(folder, ASTModel)
    try:
        features = ASTFeatureExtractor.from_pretrained(folder)
    except Exception as error:
        raise CheckpointError(
            f"{folder} has no feature extractor that can be read ({first_line(error)}); fetch it "
            "again"
        ) from error
    return AstTokens(model, features)
