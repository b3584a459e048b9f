"""ONNX Runtime on an NVIDIA GPU. It runs there or not at all: nothing falls back in silence.

Needs onnxruntime-gpu in the place of onnxruntime (never both: they overwrite each other's files).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.runtimes.model import Array, ModelError, RuntimeMissing, first_line
from engine.runtimes.onnxruntime import tensor_spec
from engine.runtimes.ort_binding import BoundCalls

if TYPE_CHECKING:
    import onnxruntime

NAME = "onnxruntime-cuda"
PROVIDER = "CUDAExecutionProvider"

_OF_SHAPES = frozenset(
    {
        *("Shape", "Size", "Gather", "Slice", "Concat", "Split", "Unsqueeze", "Squeeze", "Cast"),
        *("Add", "Sub", "Mul", "Div", "Mod", "Neg", "Floor", "Ceil", "Sqrt", "Min", "Max"),
        *("Equal", "Greater", "Less", "LessOrEqual", "GreaterOrEqual", "Not", "And", "Or"),
        *("Where", "Range", "Reshape", "Expand", "ReduceProd", "ConstantOfShape", "Constant"),
        *("Identity", "Transpose"),
    }
)
"""Operators that ONNX Runtime may leave on the processor: it counts shapes there on purpose."""


def load(path: Path, exact: bool = False, graphs: bool = True) -> OnnxRuntimeCudaModel:
    """Open an ONNX file on the first GPU.

    exact: multiply in float32, not in TF32. graphs: capture a CUDA graph for each shape where the
    model allows it. Raises RuntimeMissing where there is no CUDA, ModelError for anything else.
    """
    check_provider()
    session, captured = _open(path, exact, graphs)
    if session.get_providers()[0] != PROVIDER:
        raise RuntimeMissing(
            f"{path.name}: ONNX Runtime could not use CUDA and chose {session.get_providers()[0]}: "
            "see that the GPU's driver, CUDA and cuDNN are there (nvidia-smi), or choose auto"
        )
    session.disable_fallback()
    return OnnxRuntimeCudaModel(session, path.name, captured)


def check_provider() -> None:
    """Raise RuntimeMissing where the ONNX Runtime that is installed was built without CUDA."""
    import onnxruntime as ort

    if PROVIDER not in ort.get_available_providers():
        raise RuntimeMissing(
            "this ONNX Runtime has no CUDA; pip uninstall onnxruntime, then pip install "
            "onnxruntime-gpu (never both), or choose auto"
        )


class OnnxRuntimeCudaModel:
    """An ONNX file opened by ONNX Runtime on a GPU. See the protocol `Model`."""

    runtime = NAME

    def __init__(self, session: onnxruntime.InferenceSession, name: str, graphs: bool) -> None:
        """name: the ONNX file's, for complaints."""
        self._name = name
        self.graphs = graphs
        """Whether calls are captured as CUDA graphs."""
        self.inputs = {i.name: tensor_spec(i) for i in session.get_inputs()}
        self.outputs = {o.name: tensor_spec(o) for o in session.get_outputs()}
        self._calls = BoundCalls(session, "cuda", graphs)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the file."""
        return tuple(self.inputs)

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name. Raises ModelError when the inputs do not fit."""
        for name, spec in self.inputs.items():
            if name not in inputs or not spec.fits(inputs[name]):
                raise ModelError(f"{self._name}: input {name} must be {spec}")
        try:
            return self._calls.run({name: inputs[name] for name in self.inputs})
        except Exception as error:
            raise ModelError(f"{self._name}: {first_line(error)}") from error

    def close(self) -> None:
        """Let go of the session and its buffers."""
        self.__dict__.pop("_calls", None)


def _open(path: Path, exact: bool, graphs: bool) -> tuple[Any, bool]:
    """A session, and whether it captures graphs; strictly first, then as strictly as it goes."""
    import onnxruntime as ort

    fault: Exception | None = None
    for strict, captured in ((True, graphs), (False, graphs), (False, False)):
        options = ort.SessionOptions()
        options.log_severity_level = 3
        if strict:
            options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
        else:
            options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
        cuda = {
            "use_tf32": str(int(not exact)),
            "enable_cuda_graph": str(int(captured)),
            "cudnn_conv_algo_search": "EXHAUSTIVE",
        }
        try:
            session = ort.InferenceSession(os.fspath(path), options, providers=[(PROVIDER, cuda)])
        except Exception as error:
            fault = error
            continue
        if not strict:
            check_assignment(path.name, session.get_provider_graph_assignment_info())
        return session, captured
    raise ModelError(first_line(fault or RuntimeError("no session"))) from fault


def check_assignment(name: str, assigned: Any) -> None:
    """Raise ModelError if anything but the counting of shapes was left to the processor."""
    left = {
        node.op_type
        for part in assigned
        if part.ep_name == "CPUExecutionProvider"
        for node in part.get_nodes()
    }
    if left - _OF_SHAPES:
        raise ModelError(
            f"{name}: CUDA cannot run {', '.join(sorted(left - _OF_SHAPES))} of it, which would "
            "go to the processor; use the runtime onnxruntime or tensorrt"
        )
