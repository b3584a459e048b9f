"""Precision, written into the graph, so that every runtime computes what was checked.

    fp32          single everywhere
    fp16-weights  large weights stored as float16 and cast on load: half the file, single arithmetic
    fp16, bf16    the heavy arithmetic and its weights in sixteen bits
    int8          convolutions in eight bits, for processors (see `export.graph.quantise`)

Inputs and outputs of a graph stay as they were. In sixteen bits, what is sensitive keeps single
precision (sums of squares, roots, exponentials, angles, the last step to pixels); positions and
times, which are computed from inputs alone, keep it until the first heavy operation takes them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, version_converter

from engine.bundle.fields import BundleError

PRECISIONS = ("fp32", "fp16-weights", "fp16", "bf16", "int8")
HALF_FROM = 1024
"""Tensors with fewer elements stay in single precision: they weigh nothing."""

_BF16_OPSET = 22
"""The first in which convolutions may be bfloat16."""
_HEAVY = frozenset({"Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum"})
_SENSITIVE = frozenset(
    {"Softmax", "LogSoftmax", "ReduceMean", "ReduceSum", "ReduceL2", "ReduceSumSquare",
     "ReduceProd", "Pow", "Sqrt", "Reciprocal", "Div", "Exp", "Log", "Sin", "Cos", "CumSum",
     "LayerNormalization", "InstanceNormalization", "GroupNormalization", "Range", "Cast"}
)  # fmt: skip
_ARITHMETIC = frozenset({"Add", "Sub", "Mul", "Neg", "Abs", "Clip", "Min", "Max"})
_FIRST_ONLY = frozenset({"Resize", "Pad"})
"""Their other float inputs have a fixed type, or none that matters."""


def in_precision(model: onnx.ModelProto, precision: str) -> onnx.ModelProto:
    """The model in one of PRECISIONS, but int8, which needs examples. May change what it is
    given."""
    if precision == "fp32":
        return model
    if precision == "fp16-weights":
        store_in_half(model)
        return model
    if precision == "fp16":
        return lower(model, TensorProto.FLOAT16)
    if precision == "bf16":
        return lower(version_converter.convert_version(model, _BF16_OPSET), TensorProto.BFLOAT16)
    raise BundleError(f"precision {precision} needs examples; export.graph.quantise does it")


def store_in_bytes(model: onnx.ModelProto, steps: Mapping[str, tuple[float, int]]) -> None:
    """Store those weights of a graph that are named as bytes, each dequantised before its use.

    steps: name to the value of one step and the byte of 0.
    """
    nodes = []
    for tensor in [each for each in model.graph.initializer if each.name in steps]:
        name, (step, zero) = tensor.name, steps[tensor.name]
        stored = np.rint(numpy_helper.to_array(tensor) / step + zero).clip(0, 255)
        constants = {
            f"{name}_bytes": stored.astype(np.uint8),
            f"{name}_step": np.array(step, np.float32),
            f"{name}_zero": np.array(zero, np.uint8),
        }
        nodes.append(helper.make_node("DequantizeLinear", [*constants], [name]))
        model.graph.initializer.remove(tensor)
        model.graph.initializer.extend(
            numpy_helper.from_array(value, key) for key, value in constants.items()
        )
    nodes += model.graph.node
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def store_in_levels(model: onnx.ModelProto, levels: Mapping[str, int]) -> None:
    """Store those weights of a graph that are named three to a byte, and have the graph take them
    apart, which a runtime does once, when it opens it.

    levels: name to the number of levels n, at most 6; the weight (rows, columns) holds whole
    numbers from 0 to n - 1, and its columns divide by three.
    """
    constants: dict[str, np.ndarray] = {}
    nodes = []
    for tensor in [each for each in model.graph.initializer if each.name in levels]:
        name, count = tensor.name, levels[tensor.name]
        first, second, third = np.split(np.rint(numpy_helper.to_array(tensor)), 3, axis=1)
        packed = (first * count + second) * count + third
        constants[f"{name}_packed"] = packed.astype(np.uint8)
        for end, value in (("_one", 1), ("_half", 0.5), ("_n", count), ("_nn", count**2)):
            constants[name + end] = np.array(value, np.float32)
        # half is added so that no rounding takes a whole quotient below itself
        steps = (
            ("DequantizeLinear", "_packed", "_one", "_bytes"),
            ("Add", "_bytes", "_half", "_1"), ("Div", "_1", "_nn", "_2"),
            ("Floor", "_2", None, "_first"), ("Mul", "_first", "_nn", "_3"),
            ("Sub", "_bytes", "_3", "_rest"), ("Add", "_rest", "_half", "_4"),
            ("Div", "_4", "_n", "_5"), ("Floor", "_5", None, "_second"),
            ("Mul", "_second", "_n", "_6"), ("Sub", "_rest", "_6", "_third"),
        )  # fmt: skip
        nodes += [
            helper.make_node(kind, [name + each for each in given if each], [name + out])
            for kind, *given, out in steps
        ]
        parts = [f"{name}_{which}" for which in ("first", "second", "third")]
        nodes.append(helper.make_node("Concat", parts, [name], axis=1))
        model.graph.initializer.remove(tensor)
    model.graph.initializer.extend(
        numpy_helper.from_array(value, key) for key, value in constants.items()
    )
    nodes += model.graph.node
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def store_in_half(model: onnx.ModelProto) -> None:
    """Store large weights as float16, each with a cast back to single in front of its use."""
    casts, kept = [], []
    linear = ("QuantizeLinear", "DequantizeLinear")
    scales = {name for node in model.graph.node if node.op_type in linear for name in node.input}
    for tensor in model.graph.initializer:
        large = int(np.prod(tensor.dims)) >= HALF_FROM and tensor.name not in scales
        if tensor.data_type != TensorProto.FLOAT or not large:
            kept.append(tensor)
            continue
        half = numpy_helper.to_array(tensor).astype(np.float16)
        kept.append(numpy_helper.from_array(half, tensor.name + "_half"))
        casts.append(
            helper.make_node("Cast", [tensor.name + "_half"], [tensor.name], to=TensorProto.FLOAT)
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)


def lower(model: onnx.ModelProto, element: int) -> onnx.ModelProto:
    """A copy whose heavy operations take and give `element` (FLOAT16 or BFLOAT16).

    Raises BundleError for graphs with branches or functions inside.
    """
    made = onnx.ModelProto()
    made.CopyFrom(model)
    _refuse_nested(made)
    _constants_to_initialisers(made.graph)
    floats = _floats(onnx.shape_inference.infer_shapes(made, data_prop=True).graph)
    constants = {t.name: t for t in made.graph.initializer}
    low = _choose_low(made.graph, floats, set(constants))
    del made.graph.value_info[:]  # of the types as they were
    _rewrite(made.graph, floats, constants, low, element)
    return made


def _refuse_nested(model: onnx.ModelProto) -> None:
    nested = [n.op_type for n in model.graph.node for a in n.attribute if a.HasField("g")]
    if nested or model.functions:
        raise BundleError("a graph with branches or functions cannot be lowered; keep it in fp32")


def _constants_to_initialisers(graph: onnx.GraphProto) -> None:
    nodes = []
    for node in graph.node:
        values = {a.name: a for a in node.attribute} if node.op_type == "Constant" else {}
        if "value" in values:
            graph.initializer.add().CopyFrom(values["value"].t)
            graph.initializer[-1].name = node.output[0]
        elif "value_float" in values:
            array = np.array(values["value_float"].f, np.float32)
            graph.initializer.append(numpy_helper.from_array(array, node.output[0]))
        elif "value_floats" in values:
            array = np.array(values["value_floats"].floats, np.float32)
            graph.initializer.append(numpy_helper.from_array(array, node.output[0]))
        else:
            nodes.append(node)
    kept = [onnx.NodeProto.FromString(n.SerializeToString()) for n in nodes]
    del graph.node[:]
    graph.node.extend(kept)


def _floats(graph: onnx.GraphProto) -> set[str]:
    """Names of all float32 values, constants among them."""
    values = (*graph.input, *graph.output, *graph.value_info)
    named = {v.name for v in values if v.type.tensor_type.elem_type == TensorProto.FLOAT}
    return named | {t.name for t in graph.initializer if t.data_type == TensorProto.FLOAT}


def _choose_low(graph: onnx.GraphProto, floats: set[str], constants: set[str]) -> list[bool]:
    """Which nodes compute in sixteen bits."""
    low: list[bool] = []
    lowered: set[str] = set()
    for node in graph.node:
        carried = any(i in lowered for i in node.input)
        one = node.op_type in _HEAVY or (node.op_type not in _SENSITIVE and carried)
        low.append(one)
        if one:
            lowered.update(o for o in node.output if o in floats)
    ends = {o.name for o in graph.output}
    users: dict[str, list[int]] = {}
    for index, node in enumerate(graph.node):
        for name in node.input:
            users.setdefault(name, []).append(index)
    for index in reversed(range(len(low))):
        node = graph.node[index]
        if low[index] and node.op_type in _ARITHMETIC and node.output[0] not in ends:
            # what only sensitive operations use is sensitive itself, as the square before a mean
            low[index] = any(low[user] for user in users.get(node.output[0], []))
    return low


def _rewrite(
    graph: onnx.GraphProto,
    floats: set[str],
    constants: dict[str, TensorProto],
    low: list[bool],
    element: int,
) -> None:
    """Give every node its inputs in its own precision, and every output of the graph in single."""
    nodes: list[onnx.NodeProto] = []
    is_low: set[str] = set()
    cast: dict[tuple[str, bool], str] = {}
    wanted: dict[str, TensorProto] = {}

    def at(name: str, lowly: bool) -> str:
        if name not in floats or (name in is_low) == lowly:
            return name if name not in constants else keep(name)
        if name in constants:
            short = f"{name}_low"
            wanted.setdefault(short, _lower_tensor(constants[name], short, element))
            return short
        if (name, lowly) not in cast:
            cast[name, lowly] = f"{name}_{'low' if lowly else 'single'}"
            to = element if lowly else TensorProto.FLOAT
            nodes.append(helper.make_node("Cast", [name], [cast[name, lowly]], to=to))
        return cast[name, lowly]

    def keep(name: str) -> str:
        wanted.setdefault(name, constants[name])
        return name

    for node, lowly in zip(graph.node, low, strict=True):
        fixed = node.op_type in _FIRST_ONLY
        for position, name in enumerate(node.input):
            if name:
                node.input[position] = at(name, lowly and not (fixed and position))
        if lowly and node.op_type == "Pad" and len(node.input) > 2 and node.input[2]:
            node.input[2] = at(node.input[2], True)
        nodes.append(node)
        if lowly:
            is_low.update(o for o in node.output if o in floats)
    for output in graph.output:
        if output.name in is_low:
            _rename(nodes, output.name, f"{output.name}_low")
            nodes.append(
                helper.make_node(
                    "Cast", [f"{output.name}_low"], [output.name], to=TensorProto.FLOAT
                )
            )
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(copies)
    graph.initializer.extend(wanted.values())


def _rename(nodes: list[onnx.NodeProto], old: str, new: str) -> None:
    for node in nodes:
        for names in (node.input, node.output):
            for position, name in enumerate(names):
                if name == old:
                    names[position] = new


def _lower_tensor(tensor: TensorProto, name: str, element: int) -> TensorProto:
    values = numpy_helper.to_array(tensor)
    if element == TensorProto.FLOAT16:
        return numpy_helper.from_array(values.astype(np.float16), name)
    bits = np.ascontiguousarray(values).view(np.uint32)
    # to nearest, ties to even
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")
    return helper.make_tensor(name, element, values.shape, rounded.tobytes(), raw=True)
