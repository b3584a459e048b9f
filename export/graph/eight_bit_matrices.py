"""The constant side of large matrix products, kept in eight bits.

Each column gets a scale of its own; a cast and a product give it back as a float. Runtimes that
have eight-bit products of their own see through the two: OpenVINO on a processor quantises the
other side while it runs, by groups of channels, so that no ranges have to be known beforehand. All
others compute the two once, when they load the graph, and go on in floats.
"""

from __future__ import annotations

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

LARGE = 1 << 16
"""Matrices with fewer numbers stay as they are: they cost little and weigh nothing."""
_LEVELS = 127


def matrices_in_eight_bits(graph: ir.Graph) -> int:
    """Replace the matrices in place; how many there were."""
    made: dict[ir.Value, ir.Value] = {}
    for node in list(graph):
        if node.op_type != "MatMul" or (matrix := node.inputs[1]) is None:
            continue
        held = matrix.const_value
        if held is None or matrix.name is None or len(held.shape) != 2 or held.size < LARGE:
            continue
        if matrix not in made:
            made[matrix] = _store_in_eight_bits(graph, matrix.name, held.numpy())
        node.replace_input_with(1, made[matrix])
    for matrix in made:
        if not matrix.uses():
            graph.initializers.pop(matrix.name or "", None)
    return len(made)


def quantise_columns(matrix: NDArray[np.floating]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(k, n) to whole numbers (k, n) within 127 of 0 and scales (1, n); their product is the
    matrix, each number at most half a scale off.

    Scales are numbers of bfloat16, so that a graph which keeps its floats so loses nothing more.
    """
    most = np.maximum(np.abs(matrix).max(0, keepdims=True), 1e-20).astype(np.float32)
    bits = np.ascontiguousarray(most / _LEVELS, np.float32).view(np.uint32)
    scale = ((bits + 0xFFFF) & 0xFFFF0000).astype(np.uint32).view(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


def _store_in_eight_bits(graph: ir.Graph, name: str, matrix: NDArray[np.floating]) -> ir.Value:
    levels, scale = (
        _initialiser(graph, f"{name}_{part}", array)
        for part, array in zip(("levels", "scale"), quantise_columns(matrix), strict=True)
    )
    cast = ir.node("Cast", [levels], {"to": int(ir.DataType.FLOAT)})
    product = ir.node("Mul", [cast.outputs[0], scale])
    graph.insert_before(graph[0], [cast, product])
    for node, part in ((cast, "cast"), (product, "matrix")):
        value = node.outputs[0]
        value.name, value.type = f"{name}_{part}", ir.TensorType(ir.DataType.FLOAT)
        value.shape = ir.Shape(matrix.shape)
    return product.outputs[0]


def _initialiser(graph: ir.Graph, name: str, array: np.ndarray) -> ir.Value:
    tensor = ir.Tensor(array, name=name)
    value = ir.Value(
        name=name, shape=ir.Shape(array.shape), type=ir.TensorType(tensor.dtype), const_value=tensor
    )
    graph.register_initializer(value)
    return value
