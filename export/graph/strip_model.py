"""Frees an ONNX file of what its exporter wrote down about the machine it ran on.

Exporters leave a stack trace with file names at every node: more text than graph, different on each
machine, and nobody else's business.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx

from engine.bundle.fields import BundleError


def strip_model(source: Path, target: Path) -> None:
    """Write source's model to target without comments and notes; what it computes is the same.

    Weights in other files stay there. Raises BundleError when source is no ONNX model.
    """
    try:
        model = onnx.load(source, load_external_data=False)
    except Exception as error:
        raise BundleError(f"{source} is no ONNX model ({error})") from error
    strip(model)
    target.write_bytes(model.SerializeToString(deterministic=True))


def strip(model: onnx.ModelProto) -> None:
    """Take comments and notes out of a model in memory."""
    _strip(model)
    _strip_graph(model.graph)
    for function in model.functions:
        _strip(function)
        for node in function.node:
            _strip_node(node)


def _strip_graph(graph: onnx.GraphProto) -> None:
    _strip(graph)
    for thing in (*graph.input, *graph.output, *graph.value_info, *graph.initializer):
        _strip(thing)
    for node in graph.node:
        _strip_node(node)


def _strip_node(node: onnx.NodeProto) -> None:
    _strip(node)
    for attribute in node.attribute:
        attribute.ClearField("doc_string")
        if attribute.HasField("g"):
            _strip_graph(attribute.g)
        for graph in attribute.graphs:
            _strip_graph(graph)


def _strip(thing: Any) -> None:
    for field in ("doc_string", "metadata_props"):
        if field in thing.DESCRIPTOR.fields_by_name:
            thing.ClearField(field)
