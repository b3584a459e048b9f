"""Convolutions in eight bits, by ONNX Runtime's static quantiser.

Weights get a scale per channel, activations one scale from the range seen in the examples. Narrow
convolutions (into and out of latents and pixels) cost little and carry much: they stay as they are.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)

from export.graph.strip_model import strip

NARROW = 64
"""A convolution with fewer channels than this on either side is not quantised."""

Inputs = dict[str, np.ndarray]


class _Examples(CalibrationDataReader):
    def __init__(self, examples: Iterable[Inputs]) -> None:
        self._left: Iterator[Inputs] = iter(examples)

    def get_next(self) -> Inputs | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return next(self._left, None)


def quantise(
    model: onnx.ModelProto, examples: Iterable[Inputs], fine: Collection[str] = ()
) -> onnx.ModelProto:
    """The model with its wide convolutions in int8 (QuantizeLinear and DequantizeLinear pairs).

    examples: inputs by name, such as the model will meet; each is run once. fine: weights of
    convolutions that stay as they are, however wide.
    """
    root = logging.getLogger()  # the quantiser gives its advice there
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        quantised = _quantise(model, examples, fine)
    finally:
        root.setLevel(level)
    quantised.ir_version = model.ir_version
    strip(quantised)
    return quantised


def _quantise(
    model: onnx.ModelProto, examples: Iterable[Inputs], fine: Collection[str]
) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory(prefix="soundglass-quantise-") as folder:
        source, target = Path(folder) / "single.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, str(source))
        quantize_static(
            str(source),
            str(target),
            _Examples(examples),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            # Seven bits of the eight: processors without VNNI add two products in sixteen bits,
            # which overflow otherwise. Costs 1 dB of PSNR.
            reduce_range=True,
            # No gain for processors, and CUDA has no operator for biases in 32 bits.
            extra_options={"QuantizeBias": False},
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=_kept(model, fine),
        )
        return onnx.load(str(target))


def _kept(model: onnx.ModelProto, fine: Collection[str]) -> list[str]:
    """The convolutions that stay as they are: narrow ones, and those of fine weights."""
    shapes = {t.name: list(t.dims) for t in model.graph.initializer}
    kept = []
    for index, node in enumerate(model.graph.node):
        node.name = node.name or f"{node.op_type}_{index}"
        if node.op_type != "Conv":
            continue
        if node.input[1] in fine or min(shapes.get(node.input[1], [0])[:2]) < NARROW:
            kept.append(node.name)
    return kept
