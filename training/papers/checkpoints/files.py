"""Checkpoint folders: where they are, whether they are whole, and that nothing in them is code.

A checkpoint is a folder on this machine or the name of one on the Hugging Face hub. Weights are
read from safetensors only: a file that unpickles runs whatever its author liked.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from training.papers.checkpoints.error import CheckpointError

_HUB = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_FLOATS = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}
_NOT_WANTED = ["*.bin", "*.ckpt", "*.pt", "*.pth", "*.onnx*", "*.msgpack", "*.h5", "*.fp16.*"]
_LONGEST_HEADER = 100_000_000


def find_checkpoint(named: str) -> Path:
    """The folder or file of that name, or the fetched copy of one on the hub.

    Raises CheckpointError when there is none or it cannot be fetched.
    """
    path = Path(named).expanduser()
    if path.exists():
        return path
    if not _HUB.fullmatch(named):
        raise CheckpointError(f"there is no checkpoint {named}; name its folder or owner/name")
    try:
        import huggingface_hub

        return Path(huggingface_hub.snapshot_download(named, ignore_patterns=_NOT_WANTED))
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise CheckpointError(
            f"{named} is no folder here and cannot be fetched from the hub ({reason[:160]}); on a "
            f"machine with a network: hf download {named} --local-dir FOLDER, and name the FOLDER"
        ) from error


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """A JSON object from a checkpoint. Raises CheckpointError where there is none."""
    path = folder / name
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckpointError(
            f"{folder} has no {name}, so it is not the checkpoint that is wanted here; name the "
            "folder that `save_pretrained` wrote"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} cannot be read ({error}); fetch it again") from error
    if not isinstance(config, dict):
        raise CheckpointError(f"{path} is no JSON object; fetch it again")
    return config


def check_weights(folder: Path, stem: str) -> tuple[int, str]:
    """Bytes of a folder's weights in single precision, and which variant of the file it is.

    stem: "model" or "diffusion_pytorch_model". Every shard is opened and its header read. The
    variant is "" or "fp16", as the libraries call it. Raises CheckpointError, naming the file,
    where one is missing, is no safetensors file, or holds other than floating-point numbers.
    """
    for variant in ("", "fp16"):
        infix = f".{variant}" if variant else ""
        index = folder / f"{stem}.safetensors.index{infix}.json"
        if index.is_file():
            shards = read_config(folder, index.name).get("weight_map", {})
            names = sorted(set(shards.values())) if isinstance(shards, dict) else []
            if not names:
                raise CheckpointError(f"{index} lists no file of weights; fetch it again")
            for name in names:
                if not (folder / str(name)).is_file():
                    raise CheckpointError(
                        f"{folder} lacks {name}, one of {len(names)} files of weights; fetch it"
                    )
            return sum(_bytes_of(folder / str(name)) for name in names), variant
        whole = folder / f"{stem}{infix}.safetensors"
        if whole.is_file():
            return _bytes_of(whole), variant
    pickles = sorted(p.name for ending in ("bin", "pt", "pth") for p in folder.glob(f"*.{ending}"))
    if pickles:
        raise CheckpointError(
            f"{folder} has its weights in {pickles[0]}, a pickle, which can run code; only "
            f"safetensors are read: fetch {stem}.safetensors or save it again as such"
        )
    raise CheckpointError(f"{folder} has no {stem}.safetensors; fetch the checkpoint again")


def _bytes_of(path: Path) -> int:
    """Bytes of the numbers in one file, in single precision; reads its header alone."""
    size = path.stat().st_size
    with path.open("rb") as file:
        begins = file.read(8)
        length = int.from_bytes(begins, "little")
        if begins[:2] in (b"PK", b"\x80\x02", b"\x80\x04"):
            raise CheckpointError(
                f"{path} is a pickle under another name, which can run code; only safetensors are "
                "read: fetch the checkpoint from its source"
            )
        if len(begins) < 8 or length > min(size - 8, _LONGEST_HEADER):
            raise CheckpointError(f"{path} is cut short or no safetensors file; fetch it again")
        try:
            header = json.loads(file.read(length))
            tensors = {k: v for k, v in header.items() if k != "__metadata__"}
            ends = max((v["data_offsets"][1] for v in tensors.values()), default=0)
            kinds = {str(v["dtype"]) for k, v in tensors.items() if "position_ids" not in k}
            total = sum(
                4 * (v["data_offsets"][1] - v["data_offsets"][0]) // _FLOATS.get(v["dtype"], 4)
                for v in tensors.values()
            )
        except (
            ValueError, RecursionError, KeyError, TypeError, AttributeError, IndexError,
        ) as error:  # fmt: skip
            raise CheckpointError(f"{path} is no safetensors file; fetch it again") from error
    if size < 8 + length + ends:
        raise CheckpointError(
            f"{path} is cut short: {size} bytes of {8 + length + ends}; fetch it again"
        )
    # what counts (positions, batches) is kept in whole numbers beside the weights
    wrong = kinds - set(_FLOATS) - {"I64"}
    if wrong or kinds == {"I64"}:
        raise CheckpointError(
            f"{path} holds weights of type {', '.join(sorted(wrong or kinds))}; only "
            f"{', '.join(_FLOATS)} are read: fetch the checkpoint before it was quantised"
        )
    return total
