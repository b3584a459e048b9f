"""Graphs in eight bits, for who cannot take them as they are.

Those of the bundles are made for processors: activations from 0 to 255 with a zero point anywhere.
TensorRT takes symmetric ranges alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import onnx


def is_quantised(path: Path) -> bool:
    """Whether an ONNX file computes in eight bits somewhere."""
    return b"DequantizeLinear" in path.read_bytes()


def dequantise_file(path: Path) -> bytes:
    """An ONNX file as one that computes in single precision, its weights inside; at most 2 GB."""
    import onnx

    model = onnx.load(str(path))
    dequantise_model(model)
    return model.SerializeToString()


def dequantise_model(model: onnx.ModelProto) -> None:
    """Make it compute in single precision, with the weights that it has, stored in single too.

    Undoes weights in float16 that are cast, and pairs of QuantizeLinear and DequantizeLinear.
    """
    from onnx import NodeProto, TensorProto, numpy_helper

    stored = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    single: dict[str, np.ndarray] = {}
    same: dict[str, str] = {}
    nodes = []
    for node in model.graph.node:
        name, out = node.input[0] if node.input else "", node.output[0]
        if node.op_type == "Cast" and name in stored and stored[name].dtype == np.float16:
            single[out] = stored[name].astype(np.float32)
        elif node.op_type == "DequantizeLinear" and name in stored:
            single[out] = _dequantise(*(stored[i] for i in node.input), axis=_axis(node))
        elif node.op_type in ("QuantizeLinear", "DequantizeLinear"):
            same[out] = same.get(name, name)
        else:
            nodes.append(NodeProto.FromString(node.SerializeToString()))
    for node in nodes:
        for position, name in enumerate(node.input):
            node.input[position] = same.get(name, name)
    used = {name for node in nodes for name in node.input} | {o.name for o in model.graph.output}
    kept = [TensorProto.FromString(t.SerializeToString())
            for t in model.graph.initializer if t.name in used]  # fmt: skip
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(kept)
    model.graph.initializer.extend(numpy_helper.from_array(a, n) for n, a in single.items())


def _axis(node: onnx.NodeProto) -> int:
    return next((a.i for a in node.attribute if a.name == "axis"), 1)


def _dequantise(
    values: np.ndarray, scale: np.ndarray, zero: np.ndarray | float = 0, axis: int = 1
) -> np.ndarray:
    """One scale for all, or one for each index of an axis."""
    shape = [-1 if i == axis else 1 for i in range(values.ndim)] if np.ndim(scale) else []
    from_zero = values.astype(np.float32) - np.asarray(zero, np.float32).reshape(shape)
    return (from_zero * np.asarray(scale).reshape(shape)).astype(np.float32)
