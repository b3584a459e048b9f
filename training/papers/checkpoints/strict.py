"""Weights of public checkpoints into modules, all of them or one line that says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.files import check_weights, read_config


def part_config(folder: Path, kinds: tuple[str, ...]) -> dict[str, Any]:
    """The config of a part of a diffusers checkpoint, which must be of one of these classes."""
    config = read_config(folder)
    kind = str(config.get("_class_name"))
    if kind not in kinds:
        raise CheckpointError(f"{folder} is a {kind}, must be {' or '.join(kinds)}")
    return config


def read_diffusers(folder: Path, kind: Any, variant: str) -> Any:
    """A part of a diffusers checkpoint in single precision."""

    def read() -> tuple[Any, dict[str, Any]]:
        return kind.from_pretrained(
            folder, use_safetensors=True, torch_dtype=torch.float32, output_loading_info=True,
            variant=variant or None, local_files_only=True, low_cpu_mem_usage=False,
        )  # fmt: skip

    return guarded(folder, read)


def read_transformers(folder: Path, kind: Any) -> Any:
    """A checkpoint of transformers in single precision."""
    _, variant = check_weights(folder, "model")

    def read() -> tuple[Any, dict[str, Any]]:
        return kind.from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True,
            variant=variant or None, local_files_only=True,
        )  # fmt: skip

    return guarded(folder, read)


def guarded(folder: Path, read: Callable[[], Any]) -> Any:
    """What a library reads, in evaluation mode.

    read: gives the model, and what it was told of its weights. Raises CheckpointError where some
    are missing.
    """
    try:
        model, told = read()
    except Exception as error:
        raise CheckpointError(
            f"{folder} cannot be read ({first_line(error)}); fetch it again"
        ) from error
    lacking = [
        str(key) for part in ("missing_keys", "mismatched_keys") for key in told.get(part, ())
    ]
    lacking = [key for key in lacking if "position_ids" not in key]
    if lacking:
        raise CheckpointError(f"{folder} has no weights for {lacking[0]}; fetch it again")
    return model.eval()


def first_line(error: Exception) -> str:
    """The beginning of what a library says, short enough for one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, or of a torch file that holds nothing else.

    What is wrapped, {"state_dict": ...} and names that begin with `module.`, is unwrapped. Raises
    CheckpointError.
    """
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        # no code in the file is run: anything but tensors and plain values is refused
        found = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"there is no {path}; name the file of weights") from None
    except Exception as error:
        raise CheckpointError(
            f"{path} is no file of weights alone, and nothing else is read ({first_line(error)}); "
            "fetch it again, or save its state_dict as safetensors"
        ) from error
    for wrapper in ("state_dict", "model"):
        if isinstance(found, dict) and isinstance(found.get(wrapper), dict):
            found = found[wrapper]
    if not isinstance(found, dict) or not all(isinstance(x, Tensor) for x in found.values()):
        raise CheckpointError(f"{path} holds other things than weights; save its state_dict alone")
    return {str(name).removeprefix("module."): tensor for name, tensor in found.items()}


def load_strictly(module: nn.Module, tensors: Mapping[str, Tensor], where: Path) -> None:
    """Give a module exactly these weights. Raises CheckpointError naming the first that differs."""
    wanted = module.state_dict()
    lacking = [name for name in wanted if name not in tensors]
    beyond = [name for name in tensors if name not in wanted]
    both = wanted.keys() & tensors.keys()
    other = sorted(name for name in both if wanted[name].shape != tensors[name].shape)
    told = None
    if lacking:
        told = f"has no weights for {lacking[0]}"
    elif beyond:
        told = f"has weights for {beyond[0]}, which this architecture has not"
    elif other:
        sizes = tuple(tensors[other[0]].shape), tuple(wanted[other[0]].shape)
        told = f"has {other[0]} of size {sizes[0]}, must be {sizes[1]}"
    if told:
        raise CheckpointError(f"{where} {told}; name the checkpoint that is wanted here")
    module.load_state_dict(dict(tensors))
