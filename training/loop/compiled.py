"""Fused layers where this machine can compile them, the same layers where it can't."""

from __future__ import annotations

import shutil
from typing import TypeVar

import torch
from torch import nn

Model = TypeVar("Model", bound=nn.Module)

WORTH_MINUTES, WORTH_STEPS = 5.0, 300
"""Compiling takes most of a minute for each size of picture; shorter runs go without."""


def compile_if_worthwhile(model: Model, minutes: float, steps: int | None = None) -> Model:
    """The model with its elementwise work fused: about a third faster on a CPU.

    Parameters are shared with `model`, so it is `model` that is saved. Without a C++ compiler, or
    for a run of few minutes or steps, the model itself is returned.
    """
    short = steps < WORTH_STEPS if steps else minutes < WORTH_MINUTES
    if short or not (torch.cuda.is_available() or shutil.which("g++")):
        return model
    return torch.compile(model, dynamic=False)  # pyright: ignore[reportReturnType]
