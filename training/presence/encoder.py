"""The encoder that says of a mixture which labels sound in it, and where it lies among texts.

The front end, the two short roads and the pooling are those of `training.hearing.encoder`; the
network between is wider and deeper, and what it makes of a clip is read three ways: presences of
labels (several at once), a point in the joint space, and, while it learns, whatever its teacher
says.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from training.hearing.encoder import Encoder, EncoderShape, Residual
from training.vocabulary import LABELS

CHANNELS = (24, 64, 128, 224)
DEPTH = (1, 2, 2)
"""Residual blocks after the stem, by stage."""
HIDDEN = 512
"""Width of the features that every head reads."""
PRESENCES = len(LABELS) + 1
"""Every label of the vocabulary, then anything outside it."""


class PresenceEncoder(Encoder):
    """Levels (b, frames, bands) -> features (b, 512), presences (b, 49), embeddings (b, 128)."""

    calibration: Tensor
    """(2,) slope and shift of the presences' logits, which make them probabilities."""

    def __init__(self, shape: EncoderShape | None = None) -> None:
        shape = shape or replace(EncoderShape(), channels=CHANNELS)
        super().__init__(shape)
        stages: list[nn.Module] = []
        inner = shape.channels[0]
        for outer, depth in zip(shape.channels[1:], DEPTH, strict=True):
            stages.append(Residual(inner, outer, 2))
            stages += [Residual(outer, outer, 1) for _ in range(depth - 1)]
            inner = outer
        self.stages = nn.Sequential(*stages)
        pooled = self.head[1].in_features  # behind its dropout
        assert isinstance(pooled, int)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(pooled, HIDDEN), nn.ReLU())
        self.joint = nn.Linear(HIDDEN, shape.embedding)
        self.presence = nn.Linear(HIDDEN, PRESENCES)
        self.register_buffer("calibration", torch.tensor([1.0, 0.0]), persistent=False)

    def features(self, levels: Tensor) -> Tensor:
        """(b, frames, bands) log10 mel power -> (b, 512)."""
        return self.head(self.pooled(levels)).float()

    def embedding(self, features: Tensor) -> Tensor:
        """(b, 512) -> (b, d) unit embeddings, where texts lie too."""
        return nn.functional.normalize(self.joint(features).float(), dim=1, eps=1e-4)

    def forward(self, audio: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """(b, n) waveforms -> (b, d) unit embeddings, (b, 49) presences in [0, 1]."""
        hidden = self.features(self.levels(audio))
        slope, shift = self.calibration
        return self.embedding(hidden), torch.sigmoid(self.presence(hidden) * slope + shift)

    def of_levels(self, levels: Tensor) -> Tensor:
        """(b, frames, bands) log10 mel power -> (b, d) unit embeddings."""
        return self.embedding(self.features(levels))
