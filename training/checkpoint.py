"""Checkpoints without pickle: one safetensors file, replaced atomically, with a JSON note inside."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn


def save_weights(path: Path, parts: Mapping[str, nn.Module], note: Mapping[str, Any]) -> None:
    """Writes every part's state under its name, and `note` (JSON) beside them."""
    tensors: dict[str, Tensor] = {}
    for name, part in parts.items():
        for key, value in part.state_dict().items():
            tensors[f"{name}/{key}"] = value.detach().contiguous().clone()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    save_file(tensors, partial, metadata={"note": json.dumps(dict(note))})
    os.replace(partial, path)


def load_weights(path: Path, parts: Mapping[str, nn.Module]) -> dict[str, Any]:
    """Fills every named part from the file and returns the note.

    Raises FileNotFoundError, or ValueError naming a part that the file does not hold.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint {path}: train first, or name another file")
    with safe_open(path, framework="pt") as file:
        keys = list(file.keys())
        for name, part in parts.items():
            state = {k.split("/", 1)[1]: file.get_tensor(k) for k in keys if k.startswith(f"{name}/")}
            if not state:
                raise ValueError(f"{path} holds no {name!r}, only {sorted({k.split('/')[0] for k in keys})}")
            part.load_state_dict(state)
        return json.loads((file.metadata() or {}).get("note", "{}"))
