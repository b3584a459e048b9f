"""What every trainer shares: averaged weights, a clock, and whole files at every stop."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

Model = TypeVar("Model", bound=nn.Module)


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
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                self.state[name].lerp_(value.detach(), share)
            else:
                self.state[name].copy_(value)


def channels_last(model: Model) -> Model:
    """The same model with its convolutions' weights laid out for fast convolution."""
    return model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def save_checkpoint(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a checkpoint whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(dict(content), part)
    os.replace(part, path)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """Reads a checkpoint if there is one; tensors and plain values only."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def cosine_rate(share: float, warm_up: float = 0.02) -> float:
    """Learning rate over its peak after a share of the run, in [0, 1].

    A linear warm-up, then half a cosine down to 3 %.
    """
    if share < warm_up:
        return max(share / warm_up, 0.03)
    fallen = min(1.0, (share - warm_up) / (1 - warm_up))
    return 0.03 + 0.97 * 0.5 * (1.0 + math.cos(math.pi * fallen))


def train_for(
    minutes: float,
    out: Path,
    model: nn.Module,
    loss_of: Callable[[np.random.Generator, MovingAverage], Tensor],
    peak_rate: float,
    name: str,
    seed: int = 0,
    decay: float = 0.999,
    steps: int | None = None,
) -> MovingAverage:
    """Trains a model for some minutes with AdamW, resuming from `out` when it exists.

    The learning rate follows the clock, so a run takes the time it is given on any machine.
    Ctrl-C saves and stops.

    Args:
        minutes: training time in all, counting what earlier runs of the same checkpoint spent.
        out: checkpoint, written every minute and at the end.
        loss_of: draws a batch with the given generator and returns its loss.
        peak_rate: the highest learning rate.
        name: of the progress bar.
        seed: of weights' noise and batches.
        decay: of the moving average.
        steps: stop after so many steps in all, whatever the clock says.

    Returns:
        the averaged weights.
    """
    torch.manual_seed(seed)
    # fresh residual branches are all but zero; denormal arithmetic would slow them tenfold
    torch.set_flush_denormal(True)
    optimiser = torch.optim.AdamW(model.parameters(), peak_rate, (0.9, 0.99), weight_decay=1e-3)
    average, spent = MovingAverage(model, decay), 0.0
    if saved := load_checkpoint(out):
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average.state, average.steps, spent = saved["average"], saved["step"], saved["spent_s"]
    rng = np.random.default_rng([seed, average.steps])
    budget, saved_at, smooth = 60 * minutes, spent, float("nan")

    def save() -> None:
        content = {
            "model": model.state_dict(),
            "average": average.state,
            "optimiser": optimiser.state_dict(),
            "spent_s": spent,
            "step": average.steps,
        }
        save_checkpoint(out, content)

    with tqdm(total=round(budget), initial=round(spent), unit="s", desc=name, mininterval=5) as bar:
        try:
            while (share := average.steps / steps if steps else spent / budget) < 1:
                begun = time.monotonic()
                for group in optimiser.param_groups:
                    group["lr"] = peak_rate * cosine_rate(share)
                loss = loss_of(rng, average)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                average.update(model)
                spent += time.monotonic() - begun
                value = loss.item()
                smooth = value if smooth != smooth else 0.98 * smooth + 0.02 * value
                bar.update(round(spent) - bar.n)
                bar.set_postfix(loss=f"{smooth:.4f}", step=average.steps, refresh=False)
                if spent - saved_at > 60:
                    saved_at = spent
                    save()
        finally:
            save()
    return average
