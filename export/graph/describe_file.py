"""What a manifest says about one exported file, read off the file itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from engine.bundle.fields import BundleError
from engine.bundle.manifest import ARRAY_ROLES

_GENERATOR = re.compile(r"generator-(\d+)\.onnx")


def describe_file(path: Path) -> dict[str, Any]:
    """The manifest's entry for a file, whose role is told by its name. Raises BundleError."""
    entry: dict[str, Any] = {"role": _role(path.name)}
    with path.open("rb") as file:
        entry["sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
    entry["bytes"] = path.stat().st_size
    if path.suffix == ".onnx":
        entry |= _describe_model(path)
    elif entry["role"] in ARRAY_ROLES:
        array = np.load(path, allow_pickle=False)
        entry |= {"shape": list(array.shape), "dtype": str(array.dtype)}
    return entry


def _role(name: str) -> str:
    roles = {
        "separator.onnx": "separator",
        "encoder.onnx": "encoder",
        "vocabulary.npy": "vocabulary",
        "places.npy": "places",
        "CARD.md": "card",
    }
    if name in roles:
        return roles[name]
    if _GENERATOR.fullmatch(name):
        return "generator"
    if name.endswith(".weights"):
        return "external-data"
    raise BundleError(
        f"{name} has no place in a bundle; known are {', '.join(roles)}, "
        "generator-K.onnx and NAME.weights"
    )


def _describe_model(path: Path) -> dict[str, Any]:
    try:
        model = onnx.load(path, load_external_data=False)
    except Exception as error:
        raise BundleError(f"{path} is no ONNX model ({error})") from error
    graph = model.graph
    for tensor in _outside(graph):
        if not (path.parent / tensor).is_file() or Path(tensor).name != tensor:
            raise BundleError(f'{path} keeps weights in "{tensor}", which is not beside it')
    entry: dict[str, Any] = {}
    match = _GENERATOR.fullmatch(path.name)
    if match:
        entry["steps"] = int(match.group(1))
    weights = {t.name for t in graph.initializer}
    return entry | {
        "precision": _precision(graph.initializer),
        "inputs": _tensors(v for v in graph.input if v.name not in weights),
        "outputs": _tensors(graph.output),
    }


def _outside(graph: onnx.GraphProto) -> set[str]:
    return {
        entry.value
        for tensor in graph.initializer
        if tensor.data_location == onnx.TensorProto.EXTERNAL
        for entry in tensor.external_data
        if entry.key == "location"
    }


def _precision(tensors: Iterable[onnx.TensorProto]) -> str:
    """Type in which most of the weights are stored."""
    counts: dict[str, int] = {}
    for tensor in tensors:
        dtype = _dtype(tensor.data_type)
        counts[dtype] = counts.get(dtype, 0) + int(np.prod(tensor.dims))
    floating = {d: n for d, n in counts.items() if "float" in d or d == "int8"}
    return max(floating, key=lambda d: floating[d]) if floating else "float32"


def _tensors(values: Iterable[onnx.ValueInfoProto]) -> dict[str, Any]:
    return {
        v.name: {
            "shape": [
                d.dim_value if d.HasField("dim_value") else d.dim_param or "?"
                for d in v.type.tensor_type.shape.dim
            ],
            "dtype": _dtype(v.type.tensor_type.elem_type),
        }
        for v in values
    }


def _dtype(element: int) -> str:
    return str(onnx.helper.tensor_dtype_to_np_dtype(element))
