"""Averaged weights: what is measured and shipped in place of the last step's."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class MovingAverage:
    """Exponential moving average of a model's parameters and buffers.

    The decay warms up with the steps done (min(decay, (1 + n) / (10 + n))), so that a short run is
    not held back by its random start. torch.optim.swa_utils.AveragedModel with
    get_ema_multi_avg_fn has one decay for all steps, and averages counts instead of copying them.
    """

    def __init__(
        self, model: nn.Module, decay: float = 0.999, holder: nn.Module | None = None
    ) -> None:
        """holder: a second copy of the model whose own tensors shall carry the average."""
        self.decay, self.steps = decay, 0
        if holder is None:
            self.state = {name: value.detach().clone() for name, value in _tensors(model).items()}
        else:
            self.state = _tensors(holder)
            self.load(_tensors(model), 0)

    def load(self, state: Mapping[str, Tensor], steps: int) -> None:
        """Takes over what another run had averaged."""
        self.steps = steps
        with torch.no_grad():
            for name, value in self.state.items():
                value.copy_(state[name])

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Moves towards the model's weights as they are now."""
        self.steps += 1
        share = 1.0 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        mine: list[Tensor] = []
        theirs: list[Tensor] = []
        for name, value in _tensors(model).items():
            if value.is_floating_point():
                mine.append(self.state[name])
                theirs.append(value)
            else:
                self.state[name].copy_(value)
        torch._foreach_lerp_(mine, theirs, share)  # pyright: ignore[reportPrivateImportUsage]


def _tensors(model: nn.Module) -> dict[str, Tensor]:
    """Name to parameter or buffer, as in the model's state_dict."""
    return dict(model.state_dict())
