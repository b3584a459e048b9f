"""Torch modules to ONNX files whose large weights lie beside them, each only once.

A graph of two gigabytes and more cannot be one protobuf, so weights go from torch's memory to the
file of weights one by one and never pass through one. Graphs that have weights in common, as those
of one and two steps do, share them there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
import onnx_ir as ir
import torch
from torch import Tensor, nn

from export.graph.eight_bit_matrices import matrices_in_eight_bits
from export.graph.to_onnx import IR_VERSION, to_program
from export.graph.weights_file import WeightsFile
from training.papers.checkpoints.error import CheckpointError

SMALL = 1024
"""Tensors with fewer elements stay inside the graph, in the type that they have."""


@dataclass(frozen=True, slots=True)
class StoredWeights:
    """Where large weights go."""

    file: WeightsFile
    storage: ir.DataType
    """The type in which single-precision weights are kept."""

    def put(self, tensor: Any, name: str) -> ir.ExternalTensor:
        """Write a tensor and say where it lies."""
        values, kind = tensor.numpy(), tensor.dtype
        if kind == ir.DataType.FLOAT and self.storage != ir.DataType.FLOAT:
            values, kind = values.astype(self.storage.numpy()), self.storage
        offset, length = self.file.put(values)
        path = self.file.path
        return ir.ExternalTensor(
            path.name, offset, length, kind,
            shape=ir.Shape(values.shape), name=name, base_dir=path.parent,
        )  # fmt: skip


def export_graph(
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    output: str,
    free: Mapping[str, Mapping[int, Any]],
    path: Path,
    weights: StoredWeights | None = None,
    eight_bits: bool = False,
) -> None:
    """Write a module's graph to path.

    inputs: example by name, in the order of the arguments. free: input name to
    {axis: torch's Dim}.
    weights: where large weights go; None keeps them in the graph, which must then be small.
    eight_bits: keep the matrices of large products in eight bits.
    """
    try:
        with torch.no_grad():
            model = to_program(module, inputs, [output], free).model
    except torch.onnx.OnnxExporterError as error:
        reason = str(error).strip().splitlines()[-1][:160]
        raise CheckpointError(
            f"the checkpoint's network cannot be written as {path.name} ({reason}); use another "
            "checkpoint of the same kind"
        ) from error
    if eight_bits:
        matrices_in_eight_bits(model.graph)
    if weights is not None:
        for name, value in list(model.graph.initializers.items()):
            tensor = value.const_value
            if tensor is not None and tensor.size >= SMALL:
                _move(model.graph, name, value, weights)
    made = ir.to_proto(model)
    made.ir_version = IR_VERSION
    onnx.save(made, str(path))


def _move(graph: ir.Graph, name: str, value: ir.Value, weights: StoredWeights) -> None:
    """Let an initialiser's numbers lie in the file, with a cast where they are kept in another
    type than they are used in."""
    tensor = value.const_value
    assert tensor is not None
    kept = weights.put(tensor, name)
    if kept.dtype == tensor.dtype:
        value.const_value = kept
        return
    kept.name = f"{name}_stored"
    stored = ir.Value(
        name=kept.name, shape=kept.shape, type=ir.TensorType(kept.dtype), const_value=kept
    )
    cast = ir.node("Cast", [stored], {"to": int(ir.DataType.FLOAT)})
    used = cast.outputs[0]
    used.name, used.shape, used.type = f"{name}_single", value.shape, value.type
    graph.insert_before(graph[0], cast)
    value.replace_all_uses_with(used)
    del graph.initializers[name]
    graph.register_initializer(stored)
