"""ONNX Runtime on the CPU: always there.

Calls go without I/O binding: see `ort_binding` for what it costs on a processor.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.runtimes.model import Array, TensorSpec, model_error
from engine.system.cores import usable_cores

if TYPE_CHECKING:
    import onnxruntime

NAME = "onnxruntime"

_DTYPES = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
    "tensor(int8)": "int8",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(bool)": "bool",
}


def load(path: Path, threads: int | None = None) -> OnnxRuntimeModel:
    """Open an ONNX file. threads: for one operator, None for all cores. Raises ModelError."""
    return OnnxRuntimeModel(path, threads)


class OnnxRuntimeModel:
    """An ONNX file opened by ONNX Runtime on the CPU. See the protocol `Model`."""

    runtime = NAME

    def __init__(self, path: Path, threads: int | None) -> None:
        self._name = path.name
        try:
            self._session = _session(path, threads)
        except ImportError:
            raise
        except Exception as error:
            raise model_error(error, path.name) from error
        self.inputs = {i.name: tensor_spec(i) for i in self._session.get_inputs()}
        self.outputs = {o.name: tensor_spec(o) for o in self._session.get_outputs()}

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the file."""
        return tuple(self.inputs)

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name. Raises ModelError when the inputs do not fit."""
        names = list(self.outputs)
        try:
            results = self._session.run(names, dict(inputs))
        except Exception as error:
            raise model_error(error, self._name, f"{self._name}: ") from error
        return {n: np.asarray(r) for n, r in zip(names, results, strict=True)}

    def close(self) -> None:
        """Let go of the session."""
        self.__dict__.pop("_session", None)


def _session(path: Path, threads: int | None) -> onnxruntime.InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or usable_cores()
    options.inter_op_num_threads = 1
    # Waiting threads that spin take the cores from the models beside this one.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # A filter's tail of denormal numbers costs a hundred times its worth.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        # Without the other providers that it would try, and tell of on standard output.
        os.fspath(path), options, providers=["CPUExecutionProvider"], enable_fallback=0,
    )  # fmt: skip


def tensor_spec(node: Any) -> TensorSpec:
    """What ONNX Runtime tells about an input or output."""
    shape = tuple(d if isinstance(d, (int, str)) else "?" for d in node.shape)
    return TensorSpec(shape, _DTYPES.get(str(node.type), str(node.type)))
