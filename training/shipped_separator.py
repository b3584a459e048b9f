"""Takes the separator of a bundle back, so that it can go on learning.

    python -m training.shipped_separator picturebook -o runs/shipped-separator.pt
    python -m training.train_separator --pool runs/pool --start runs/shipped-separator.pt
        --rate 1e-3 --supervised 1 --minutes 60 -o runs/separator.pt

The exporter keeps the names of biases and norms, but not those of matrices and of the taps of
convolutions over time; these come in the graph in the order in which the separator has them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from engine.bundle import Bundle, load_bundle
from training.checkpoints import save_start
from training.plain_errors import InputError, plain_errors
from training.separator import Separator

_CONSTANTS = ("analysis", "synthesis")
"""Matrices of the graph that nothing has learnt."""


def separator_of(bundle: Bundle) -> Separator:
    """The separator of a bundle, ready to use.

    Raises InputError where the bundle's separator is of another shape.
    """
    path = bundle.path("separator")
    graph = onnx.load(path).graph
    kept = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
        for tensor in graph.initializer
    }
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


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: writes a checkpoint of training.train_separator."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle", help="name or folder of a bundle")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/shipped-separator.pt"))
    args = parser.parse_args(argv)
    bundle = load_bundle(args.bundle)
    facts = {"stage": f"the separator of {bundle.manifest.name}"}
    save_start(args.out, separator_of(bundle), facts)
    print(f"{args.out}: go on with python -m training.train_separator --start {args.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
