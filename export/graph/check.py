"""Whether an exported graph may ship: compared with torch at every bound of what it takes.

The limits are relative errors of an output (see `export.graph.parity`), set by what a precision
costs at its honest best; a graph past its limit has a fault, and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from engine.runtimes.model import Array, Model, ModelError
from engine.runtimes.open import load_model
from export.graph.parity import ParityError, differences

LIMITS = {"fp32": 1e-3, "fp16-weights": 5e-3, "fp16": 2e-2, "bf16": 8e-2, "int8": 0.15}
"""Relative error above which an export is refused. A level of 255 in a picture of middling
brightness is 8e-3 where every pixel is off by it; rounding of a pixel here and there makes 3e-4."""


@dataclass(frozen=True, slots=True)
class ExportCheck:
    """What was found out about one exported file."""

    precision: str
    bounds: Mapping[str, tuple[int, int]]
    """Free axis to the smallest and largest size that was tried."""
    errors: Mapping[str, float]
    """Output to its relative error, the worst of all trials."""
    runtime: str
    """Which ran it."""

    def as_json(self) -> dict[str, Any]:
        """As it goes into the manifest."""
        return {
            "precision": self.precision,
            "bounds": {name: list(bound) for name, bound in self.bounds.items()},
            "relative_error": {name: float(f"{e:.3g}") for name, e in self.errors.items()},
            "runtime": self.runtime,
        }


def check_export(
    module: torch.nn.Module,
    path: Path,
    precision: str,
    trials: Iterable[Mapping[str, Array]],
    bounds: Mapping[str, tuple[int, int]],
) -> ExportCheck:
    """Run every trial through both and compare. Raises ParityError when the limit is passed.

    trials: inputs, in the order of the module's arguments; together they must stand at every bound.
    """
    model = _open(path, precision)
    worst: dict[str, float] = {}
    try:
        for inputs in trials:
            for name, found in differences(module, model, inputs, path.name).items():
                worst[name] = max(worst.get(name, 0.0), found.relative)
        runtime = model.runtime
    except ModelError as error:
        raise ParityError(f"{path.name} does not run at its bounds: {error}") from error
    finally:
        model.close()
    for name, error in worst.items():
        if error > LIMITS[precision]:
            raise ParityError(
                f"{path.name} {name} in {precision} is {error:.2e} off torch, more than "
                f"{LIMITS[precision]:.0e}; choose a finer precision for it"
            )
    return ExportCheck(precision, bounds, worst, runtime)


def _open(path: Path, precision: str) -> Model:
    """With ONNX Runtime; bfloat16, which it lacks on processors, with OpenVINO."""
    if precision == "bf16":
        return load_model(path, "openvino", None, True)
    return load_model(path, "onnxruntime", None, True)
