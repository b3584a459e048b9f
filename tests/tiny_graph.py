"""A small ONNX model from nodes and constants."""

from __future__ import annotations

import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper


def as_model(
    nodes: list[onnx.NodeProto],
    constants: dict[str, NDArray],
    inputs: dict[str, tuple[int | str, ...]],
    outputs: dict[str, tuple[int, tuple[int | str, ...]]],
) -> onnx.ModelProto:
    """A checked model of these nodes; inputs are float32, outputs of the given types."""
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info(n, t, s) for n, (t, s) in outputs.items()],
        [numpy_helper.from_array(a, n) for n, a in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10,
        producer_name="soundglass-tests",
    )  # fmt: skip
    onnx.checker.check_model(model, full_check=True)
    return model
