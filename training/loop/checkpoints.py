"""Checkpoints: written whole or not at all, read without pickle, small, and the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import torch
from torch import Tensor, nn

from training.loop.plain_errors import InputError


def save_checkpoint(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a checkpoint whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(dict(content), part)
    os.replace(part, path)


def save_start(path: Path, model: nn.Module, facts: Mapping[str, Any]) -> None:
    """Writes a model that was trained elsewhere as a checkpoint for a trainer's --start."""
    weights = model.state_dict()
    save_checkpoint(
        path, {"model": weights, "average": weights, "facts": facts, "step": 0, "spent_s": 0.0}
    )


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """Reads a checkpoint if there is one; tensors and plain values only.

    Raises InputError when the file is something else.
    """
    if not path.exists():
        return None
    if not is_zipfile(path):  # as every checkpoint is, if it is whole
        raise InputError(f"{path} is no checkpoint: name another, or move it away")
    return torch.load(path, map_location="cpu", weights_only=True)


def compress_moments(state: dict[str, Any]) -> dict[str, Any]:
    """An optimiser's state with its moments in half the bytes; it widens them again on loading.

    bfloat16 keeps their range; what it drops of their digits is far below the noise of a batch.
    """

    def halved(value: Any) -> Any:
        wide = isinstance(value, Tensor) and value.dtype == torch.float32 and value.dim() > 0
        return value.to(torch.bfloat16) if wide else value

    moments = {
        row: {name: halved(value) for name, value in entry.items()}
        for row, entry in state["state"].items()
    }
    return {**state, "state": moments}
