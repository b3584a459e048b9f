"""From what a system hears to the tokens that a diffusion model's cross-attention looks at."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from training.papers.checkpoints.strict import load_strictly, read_tensors
from training.papers.harness.draws import Dropout
from training.papers.models.generators.protocol import Shape


class SlotBridge(nn.Module):
    """MACS's: slots (b, m, d) to as many tokens, each told its place; names as in `*_mlp.pt`."""

    def __init__(self, slots: int, width: int, states: int) -> None:
        """width: of a slot's embedding. states: of the diffusion model's context."""
        super().__init__()
        self.takes = Shape(slots, width)
        self.pe = nn.Parameter(0.05 * torch.randn(slots, width))
        wide = 4 * width
        self.adapter = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, wide), nn.GELU(), Dropout(0.5),
            nn.Linear(wide, states), nn.LayerNorm(states),
        )  # fmt: skip
        for layer in self.adapter:
            if isinstance(layer, nn.Linear):
                nn.init.xavier_normal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, slots: Tensor) -> Tensor:
        """(b, m, d) -> (b, m, states)."""
        return self.adapter(slots + self.pe)


def read_slot_bridge(path: Path, bridge: SlotBridge) -> None:
    """Give it the weights of a public `<DATASET>_mlp.pt`. Raises CheckpointError."""
    load_strictly(bridge, read_tensors(path), path)


class FeatureBridge(nn.Module):
    """A feature (b, 1, d) to a few tokens, as IP-Adapter makes them of a picture's."""

    def __init__(self, width: int, states: int, tokens: int = 4) -> None:
        super().__init__()
        self.takes, self.tokens = Shape(1, width), tokens
        self.proj = nn.Linear(width, tokens * states)
        self.norm = nn.LayerNorm(states)

    def forward(self, feature: Tensor) -> Tensor:
        """(b, 1, d) -> (b, tokens, states)."""
        return self.norm(self.proj(feature[:, 0]).unflatten(1, (self.tokens, -1)))


class TokenBridge(nn.Module):
    """Seeing Sound's: any number of tokens, each by the same two layers, as PixArt has its text."""

    def __init__(self, width: int, states: int) -> None:
        super().__init__()
        self.takes = Shape(None, width)
        self.layers = nn.Sequential(
            nn.Linear(width, states), nn.GELU(approximate="tanh"), nn.Linear(states, states)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """(b, n, d) -> (b, n, states)."""
        return self.layers(tokens)
