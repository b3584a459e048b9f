"""The separator of a bundle as a module that can go on learning, weights from the graph."""

from __future__ import annotations

from collections.abc import Iterator

import onnx
import torch
from torch import Tensor

from engine.bundle.load import Bundle
from training.hearing.separator import Separator
from training.loop.plain_errors import InputError
from training.shipped.graph import stored_weights

_CONSTANTS = ("analysis", "synthesis")
"""Matrices of the graph that nothing has learnt."""


def separator_of(bundle: Bundle) -> Separator:
    """The separator of a bundle, ready to use.

    Raises InputError where the bundle's separator is of another shape.
    """
    path = bundle.path("separator")
    graph = onnx.load(path).graph
    kept = stored_weights(graph)
    matrices, taps = _factors(graph, kept, "MatMul", 2), _factors(graph, kept, "Mul", 1)
    separator = Separator()
    weights = separator.state_dict()
    for name, weight in weights.items():
        found = kept.get(name)
        if found is None and name.endswith(".taps"):
            found = torch.stack([next(taps, torch.zeros(0)) for _ in range(len(weight))])
        elif found is None:
            found = next(matrices, torch.zeros(0, 0)).T
        if found.shape != weight.shape:
            raise InputError(
                f"{path} has no {name} of {list(weight.shape)}: it is no separator of this program"
            )
        weights[name] = found.contiguous()
    separator.load_state_dict(weights)
    return separator.eval()


def _factors(
    graph: onnx.GraphProto, kept: dict[str, Tensor], operation: str, axes: int
) -> Iterator[Tensor]:
    """What inputs are multiplied by, in the order of the graph."""
    for node in graph.node:
        if node.op_type == operation:
            for name in node.input:
                if name in kept and name not in _CONSTANTS and kept[name].dim() == axes:
                    yield kept[name]
