"""One loop for every trainer: any hardware, a clock, and whole files at every stop.

`accelerate` finds the device and gives bf16 autocast on it; weights and their averages stay in
single precision. Losses are logged for TensorBoard: `tensorboard --logdir runs/tensorboard`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from training.loop.checkpoints import compress_moments, load_checkpoint, save_checkpoint
from training.loop.moving_average import MovingAverage
from training.loop.stopping import stopping

__all__ = [
    "MovingAverage", "Step", "best_device", "channels_last", "load_checkpoint", "save_checkpoint",
    "train_for",
]  # fmt: skip

Model = TypeVar("Model", bound=nn.Module)

SAVE_EVERY_S = 60.0
"""An interrupted run loses no more than this."""
LOOK_EVERY_S = 2.0
"""How often the loss is read: reading it makes the processor wait for the GPU."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a loss may ask of the run that calls it."""

    rng: np.random.Generator
    """Draws the batch."""
    average: MovingAverage
    """The averaged weights so far."""
    device: torch.device
    number: int
    """Steps done before this one."""
    share: float
    """Of the run that is done, in [0, 1)."""
    accelerator: Accelerator

    def put(self, values: Tensor | np.ndarray) -> Tensor:
        """The values on the device; images (b, c, h, w) laid out for fast convolution."""
        tensor = torch.from_numpy(values) if isinstance(values, np.ndarray) else values
        tensor = tensor.to(self.device, non_blocking=True)
        if tensor.dim() == 4 and tensor.is_floating_point():
            return tensor.contiguous(memory_format=torch.channels_last)
        return tensor

    def autocast(self) -> AbstractContextManager[None]:
        """A block whose matrix products and convolutions run in bf16."""
        return self.accelerator.autocast()


Loss = Callable[[Step], Tensor]
Check = Callable[[Step], Mapping[str, Any] | None]


@lru_cache(maxsize=1)
def _accelerator() -> Accelerator:
    accelerator = Accelerator(mixed_precision="bf16")
    if accelerator.num_processes > 1:
        raise RuntimeError("training runs in one process on one device")
    if accelerator.device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.set_float32_matmul_precision("high")
    # fresh residual branches are all but zero; denormal arithmetic would slow them tenfold
    torch.set_flush_denormal(True)
    return accelerator


def best_device() -> torch.device:
    """Where training runs here: a GPU if there is one, else the processor."""
    return _accelerator().device


def channels_last(model: Model) -> Model:
    """The same model with its convolutions' weights laid out for fast convolution."""
    return model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


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
    loss_of: Loss,
    peak_rate: float,
    name: str,
    seed: int = 0,
    decay: float = 0.999,
    steps: int | None = None,
    *,
    beside: Mapping[str, nn.Module | Optimizer] | None = None,
    frozen: Sequence[nn.Module] = (),
    averaged: nn.Module | None = None,
    check: Check | None = None,
    check_every: int = 200,
    clip: float = 1.0,
    make_optimiser: Callable[[nn.Module, float], Optimizer] | None = None,
) -> MovingAverage:
    """Trains a model for some minutes with AdamW, resuming from `out` when it exists.

    The learning rate follows the clock, so a run takes the time it is given on any machine.
    Ctrl-C and SIGTERM save and stop. Everything is on the processor again when this returns.

    Args:
        minutes: training time in all, counting what earlier runs of the same checkpoint spent.
        out: checkpoint, written every minute and at the end.
        loss_of: draws a batch with the step's generator and returns its loss.
        peak_rate: the highest learning rate.
        name: of the progress bar and of the log.
        seed: of batches and noise; seed torch before building the model.
        decay: of the moving average.
        steps: stop after so many steps in all, whatever the clock says.
        beside: modules and optimisers that the loss trains itself: moved, saved and resumed.
        frozen: modules that the loss only asks: moved, never trained, never saved.
        averaged: a copy of the model that shall carry the moving average, for losses that ask it.
        check: measures every `check_every` steps and at the end; what it returns is kept in the
            checkpoint as "facts".
        clip: the longest gradient.
        make_optimiser: from the model and its highest rate; plain AdamW if not given.

    Returns:
        the averaged weights.
    """
    accelerator, beside = _accelerator(), dict(beside or {})
    device = accelerator.device
    torch.manual_seed(seed)
    parts = [part for part in beside.values() if isinstance(part, nn.Module)]
    for part in (*parts, *frozen, *([averaged] if averaged else [])):
        part.to(device)
    for part in (*frozen, *([averaged] if averaged else [])):
        part.eval().requires_grad_(False)
    model = accelerator.prepare_model(model)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = (
        make_optimiser(model, peak_rate)
        if make_optimiser
        else AdamW(trained, peak_rate, (0.9, 0.99), weight_decay=1e-3, fused=True)
    )
    optimiser = accelerator.prepare_optimizer(optimiser)
    average, spent, facts = MovingAverage(model, decay, averaged), 0.0, {}
    if saved := load_checkpoint(out):
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average.load(saved["average"], saved["step"])
        spent, facts = saved["spent_s"], saved.get("facts", {})
        for key, part in beside.items():
            part.load_state_dict(saved["beside"][key])
        torch.manual_seed(seed + average.steps)
    rng = np.random.default_rng([seed, average.steps])
    budget, saved_at, looked_at = 60 * minutes, spent, spent
    smooth, began_at, looked_step = torch.zeros((), device=device), average.steps, average.steps
    writer = SummaryWriter(out.parent / "tensorboard" / name, purge_step=average.steps)

    def share() -> float:
        return average.steps / steps if steps else spent / budget if budget else 1.0

    def save() -> None:
        content = {
            "model": model.state_dict(),
            "average": average.state,
            "optimiser": compress_moments(optimiser.state_dict()),
            "beside": {key: part.state_dict() for key, part in beside.items()},
            "spent_s": spent,
            "step": average.steps,
            "facts": facts,
        }
        save_checkpoint(out, content)

    done, total = (average.steps, steps) if steps else (round(spent), round(budget))
    bar = tqdm(total=total, initial=done, unit="step" if steps else "s", desc=name, mininterval=5)
    with bar, writer, stopping() as stop:
        try:
            while stop.signal_number is None and share() < 1:
                begun = time.monotonic()
                step = Step(rng, average, device, average.steps, share(), accelerator)
                rate = peak_rate * cosine_rate(step.share)
                for group in optimiser.param_groups:
                    group["lr"] = rate
                model.train()
                loss = loss_of(step)
                optimiser.zero_grad(set_to_none=True)
                accelerator.backward(loss)
                nn.utils.clip_grad_norm_(trained, clip)
                optimiser.step()
                average.update(model)
                newest = max(0.02, 1 / (average.steps - began_at))
                smooth = torch.lerp(smooth, loss.detach().float(), newest)
                spent += time.monotonic() - begun
                if check and (average.steps % check_every == 0 or share() >= 1):
                    begun = time.monotonic()
                    facts = dict(check(step) or facts)
                    spent += time.monotonic() - begun
                    bar.write(f"{name} step {average.steps}: {_line(facts)}")
                    for key, number in facts.items():
                        if isinstance(number, float):
                            writer.add_scalar(f"{name}/{key}", number, average.steps)
                bar.update((average.steps if steps else round(spent)) - bar.n)
                if spent - looked_at > LOOK_EVERY_S or share() >= 1:
                    speed = (average.steps - looked_step) / max(spent - looked_at, 1e-6)
                    looked_at, looked_step, loss_now = spent, average.steps, smooth.item()
                    for key, number in (("loss", loss_now), ("lr", rate), ("steps_per_s", speed)):
                        writer.add_scalar(f"{name}/{key}", number, average.steps)
                    bar.set_postfix(loss=f"{loss_now:.4f}", step=average.steps, refresh=False)
                if spent - saved_at > SAVE_EVERY_S:
                    saved_at = spent
                    save()
        finally:
            save()
            accelerator.unwrap_model(model, keep_fp32_wrapper=False)
            vars(model).pop("forward", None)  # unwrapping leaves the class's own there
            for part in (model, *parts, *frozen, *([averaged] if averaged else [])):
                part.to("cpu")
            average.state = {key: value.to("cpu") for key, value in average.state.items()}
            accelerator.free_memory()
        stop.raise_signal()
    return average


def _line(facts: Mapping[str, Any]) -> str:
    numbers = {key: value for key, value in facts.items() if isinstance(value, float)}
    return ", ".join(f"{key} {value:.3f}" for key, value in numbers.items())
