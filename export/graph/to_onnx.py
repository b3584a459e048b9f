"""A torch module as an ONNX graph: one way of exporting, with pinned versions, for every model."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import onnx
import torch
from onnxscript import opset18 as op
from torch import Tensor, nn

from export.graph.strip_model import strip

OPSET = 18
IR_VERSION = 10
"""The newest that every runtime of the engine reads."""


# Every export would say four times that torchvision, which nothing here needs, is not installed.
logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)


def _squeeze(self: Any, dim: int) -> Any:
    """torch's squeeze of one axis: it leaves an axis of other than one as it is.

    The exporter's own makes an ONNX Squeeze of it in any case, which no runtime opens. An axis
    whose length is free is never one: torch itself has guarded against that.
    """
    if self.shape and self.shape[dim] == 1:
        axes: Any = op.Constant(value_ints=[dim])
        return op.Squeeze(self, axes)
    return op.Identity(self)


def to_program(
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    free: Mapping[str, Mapping[int, Any]],
) -> torch.onnx.ONNXProgram:
    """Trace a module, in evaluation mode, into an optimised program.

    inputs: an example of every argument, in order, by the name it gets. outputs: names. free: input
    name to {axis: torch.export.Dim with its bounds}; an input that is not in it is of fixed shape.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_shapes=tuple(dict(free.get(name, {})) for name in inputs) if free else None,
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
            custom_translation_table={torch.ops.aten.squeeze.dim: _squeeze},
        )
    assert program is not None
    # again: the exporter's own pass leaves some constant weights behind a Transpose
    program.optimize()
    return program


def to_graph(
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    free: Mapping[str, Mapping[int, Any]],
) -> onnx.ModelProto:
    """As `to_program`, the graph itself, without a word about the machine that exported it."""
    model = to_program(module, inputs, outputs, free).model_proto
    model.ir_version = IR_VERSION
    strip(model)
    onnx.checker.check_model(model)
    return model
