"""The weights of a bundle's graphs."""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor


def stored_weights(graph: onnx.GraphProto, suffix: str = "") -> dict[str, Tensor]:
    """Name to weight in single precision, in the graph's order. suffix: left out of names."""
    return {
        tensor.name.removesuffix(suffix): torch.from_numpy(
            numpy_helper.to_array(tensor).astype(np.float32)
        )
        for tensor in graph.initializer
    }
