"""What every trainer shares: a moving average of the weights, and whole files at every stop."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


class MovingAverage:
    """Exponential moving average of a model's parameters and buffers.

    The decay warms up with the steps done (min(decay, (1 + n) / (10 + n))), so that a short run is
    not held back by its random start.
    """

    def __init__(self, model: nn.Module, decay: float = 0.999) -> None:
        self.decay, self.steps = decay, 0
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Moves towards the model's weights as they are now."""
        self.steps += 1
        share = 1.0 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        mine: list[Tensor] = []
        theirs: list[Tensor] = []
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                mine.append(self.state[name])
                theirs.append(value.detach())
            else:
                self.state[name].copy_(value)
        torch._foreach_lerp_(mine, theirs, share)


def save_checkpoint(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a checkpoint whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(dict(content), part)
    os.replace(part, path)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """Reads a checkpoint if there is one; tensors and plain values only."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def cosine_rate(step: int, steps: int, warm_up: int) -> float:
    """Learning rate over its peak: linear warm-up, then half a cosine down to 3 %."""
    if step < warm_up:
        return (step + 1) / warm_up
    share = min(1.0, (step - warm_up) / max(1, steps - warm_up))
    return 0.03 + 0.97 * 0.5 * (1.0 + float(torch.cos(torch.tensor(share * torch.pi))))
