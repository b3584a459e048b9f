"""OpenVINO on the CPU, where it is installed: the faster one on processors with bfloat16.

Shapes stay free: one compilation serves every number of panels and every picture size. Compiling
for each shape alone took a sixth (five pictures) to a third (one picture) less processor time, but
it stalls the show for half a second and keeps 50 to 90 MB for each of twenty shapes that a show can
meet.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.runtimes.cores import usable_cores
from engine.runtimes.model import Array, Dimension, ModelError, TensorSpec, first_line
from engine.runtimes.openvino_cache import compile_model

NAME = "openvino"

_DTYPES = {
    "f16": "float16",
    "f32": "float32",
    "f64": "float64",
    "u8": "uint8",
    "i8": "int8",
    "i32": "int32",
    "i64": "int64",
    "boolean": "bool",
}


def load(path: Path, threads: int | None = None, exact: bool = False) -> OpenVinoModel:
    """Open an ONNX file.

    threads: for one operator, None for all cores. exact: compute in float32 where the chip would
    rather use bfloat16. Raises ModelError.
    """
    return OpenVinoModel(path, threads, exact)


class OpenVinoModel:
    """An ONNX file compiled by OpenVINO for the CPU. See the protocol `Model`."""

    runtime = NAME

    def __init__(self, path: Path, threads: int | None, exact: bool) -> None:
        os.environ.setdefault("OPENVINO_TELEMETRY_OPT_OUT", "1")
        import openvino

        self._name = path.name
        core = openvino.Core()
        settings: dict[str, Any] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads or usable_cores(),
            # A pinned thread waits for its core while another core idles.
            "ENABLE_CPU_PINNING": False,
        }
        if exact:
            settings["INFERENCE_PRECISION_HINT"] = "f32"
        try:
            compiled = compile_model(core, path, settings)
            self.inputs = {p.get_any_name(): _spec(p) for p in compiled.inputs}
            self.outputs = {p.get_any_name(): _spec(p) for p in compiled.outputs}
            self._request = compiled.create_infer_request()
        except Exception as error:
            raise ModelError(first_line(error)) from error
        self._positions = {name: i for i, name in enumerate(self.outputs)}

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the file."""
        return tuple(self.inputs)

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name. Raises ModelError when the inputs do not fit."""
        fed: dict[str, Array] = {}
        for name, spec in self.inputs.items():
            if name not in inputs:
                raise ModelError(f"{self._name}: input {name} is missing")
            if not spec.fits(inputs[name]):
                array = inputs[name]
                raise ModelError(
                    f"{self._name}: input {name} is {array.dtype}{list(array.shape)}, "
                    f"must be {spec}"
                )
            fed[name] = np.ascontiguousarray(inputs[name])
        try:
            results = self._request.infer(fed, share_inputs=True)
        except Exception as error:
            raise ModelError(f"{self._name}: {first_line(error)}") from error
        return {name: np.array(results[i]) for name, i in self._positions.items()}

    def close(self) -> None:
        """Let go of the compiled model."""
        self.__dict__.pop("_request", None)


def _spec(port: Any) -> TensorSpec:
    shape: tuple[Dimension, ...] = tuple(
        d.get_length() if d.is_static else "?" for d in port.partial_shape
    )
    dtype = port.get_element_type().get_type_name()
    return TensorSpec(shape, _DTYPES.get(str(dtype), str(dtype)))
