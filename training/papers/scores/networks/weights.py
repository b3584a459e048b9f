"""Which weights a score rests on: a name that people know and the hash that no one can mistake."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor, nn

from training.loop.plain_errors import InputError

_CHUNK = 1 << 20
SHOWN = 12
"""Digits of a hash that a table shows; the JSON holds all."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A network as it was read."""

    name: str
    """What it is, such as "CLIP ViT-B/32"."""
    sha256: str
    """Of the file, or of a folder's safetensors one after another in the order of their names."""

    @property
    def told(self) -> str:
        """As a table says it."""
        return f"{self.name} {self.sha256[:SHOWN]}"


def hash_of(path: Path) -> str:
    """SHA-256 of a file, or of the weights in a folder. Raises InputError if there are none."""
    files = [path] if path.is_file() else sorted(path.glob("*.safetensors"))
    if not files:
        raise InputError(
            f"{path} holds no weights; name a file, or a folder with safetensors that "
            "`save_pretrained` wrote"
        )
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def read_state(path: Path) -> Mapping[str, Any]:
    """The tensors of a .pt, .pth or .ckpt file, nothing else of which is run. Raises InputError."""
    if not path.is_file():
        raise InputError(f"{path}: no such file of weights")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise InputError(
            f"{path} holds more than weights, or is damaged ({type(error).__name__}); only tensors "
            "are read: load it where you trust it and save its state_dict"
        ) from error
    if not isinstance(state, Mapping):
        raise InputError(f"{path} holds no state_dict")
    return state


def fill(network: nn.Module, state: Mapping[str, Tensor], path: Path, what: str) -> None:
    """Load weights strictly. Raises InputError that names the first weight at fault."""
    wanted = network.state_dict()
    # counters of batch norm, which older files lack and nothing reads
    state = {k: v for k, v in wanted.items() if k.endswith("num_batches_tracked")} | dict(state)
    wrong = next(
        (
            name
            for name, here in wanted.items()
            if name not in state or state[name].shape != here.shape
        ),
        None,
    )
    wrong = wrong or next((name for name in state if name not in wanted), None)
    if wrong is not None:
        found = tuple(state[wrong].shape) if wrong in state else "absent"
        want = tuple(wanted[wrong].shape) if wrong in wanted else "no such weight"
        raise InputError(f"{path} is not {what}: {wrong} is {found}, must be {want}")
    network.load_state_dict(state)


def open_folder(kind: Any, folder: Path, name: str) -> tuple[Any, Weights]:
    """A network of transformers from a folder of safetensors, whole. Raises InputError."""
    if not (folder / "config.json").is_file():
        raise InputError(f"{folder} has no config.json; name a folder that `save_pretrained` wrote")
    digest = hash_of(folder)
    transformers.utils.logging.disable_progress_bar()
    try:
        network, told = kind.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=torch.float32,
            output_loading_info=True,
        )  # fmt: skip
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InputError(f"{folder} cannot be read as {name} ({reason[:160]})") from error
    lacking = [
        *map(str, told.get("missing_keys", ())),
        *(str(key) for key in told.get("mismatched_keys", ())),
    ]
    lacking = [key for key in lacking if "position_ids" not in key]
    if lacking:
        raise InputError(f"{folder} is not {name}: it has no weights for {lacking[0]}")
    return network.eval(), Weights(name, digest)
