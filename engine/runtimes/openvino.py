"""OpenVINO, where it is installed: the faster one on processors with bfloat16; Intel GPU and NPU.

Shapes stay free: one compilation serves every number of panels and every picture size. Compiling
for each shape alone took a sixth (five pictures) to a third (one picture) less processor time, but
it stalls the show for half a second and keeps 50 to 90 MB for each of twenty shapes that a show can
meet.

"openvino" is the processor; "openvino:GPU" and "openvino:NPU" are the devices that OpenVINO calls
so.
"""

from __future__ import annotations

import contextlib
import io
import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.runtimes.dequantise import is_quantised
from engine.runtimes.model import (
    Array,
    Dimension,
    ModelError,
    RuntimeMissing,
    TensorSpec,
    model_error,
)
from engine.runtimes.spec import EngineSpec
from engine.system.cores import processor, usable_cores
from engine.system.signals import hold_signals

if TYPE_CHECKING:
    import openvino

    from engine.runtimes.compiler import Progress

NAME = "openvino"

_CHANNELS = 128
"""Quantised together; see `export.graph.eight_bit_matrices`."""
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
_TOLD = ("FULL_DEVICE_NAME", "DEVICE_ARCHITECTURE", "GPU_UARCH_VERSION", "NPU_DRIVER_VERSION")
"""What a device other than the processor tells about itself."""
_OPENING = threading.Lock()


def matters(spec: EngineSpec) -> dict[str, Any]:
    """What an engine of OpenVINO depends on beside its ONNX. Raises RuntimeMissing."""
    core, device = _core(spec.runtime)
    told: dict[str, str] = {}
    for name in _TOLD if device != "CPU" else ():
        with contextlib.suppress(RuntimeError):  # Each plugin knows its own.
            told[name] = str(core.get_property(device, name))
    return {
        "version": str(core.get_versions(device)[device].build_number),
        "device": processor() if device == "CPU" else told,
        "settings": {name: str(value) for name, value in _settings(spec, device).items()},
    }


def build(spec: EngineSpec, progress: Progress) -> bytes:
    """Compile an ONNX file. Raises ModelError."""
    core, device = _core(spec.runtime)
    try:
        compiled = core.compile_model(core.read_model(spec.path), device, _settings(spec, device))
        written = io.BytesIO()
        compiled.export_model(written)
    except (RuntimeError, UnicodeError, MemoryError) as error:
        raise model_error(error, spec.path.name) from error
    return written.getvalue()


def open_blob(spec: EngineSpec, blob: bytes) -> OpenVinoModel:
    """Open what `build` gave. Raises ModelError."""
    core, device = _core(spec.runtime)
    try:
        compiled = core.import_model(blob, device, _settings(spec, device))
    except (RuntimeError, UnicodeError, MemoryError) as error:
        raise model_error(error, spec.path.name) from error
    return OpenVinoModel(compiled, spec.path.name, spec.runtime)


def open_onnx(path: Path, exact: bool) -> OpenVinoModel:
    """Open an ONNX file on the processor without the cache. Raises ModelError."""
    core, device = _core(NAME)
    settings = _settings(EngineSpec(path, NAME, exact=exact), device)
    try:
        compiled = core.compile_model(core.read_model(path), device, settings)
    except (RuntimeError, UnicodeError, MemoryError) as error:
        raise model_error(error, path.name) from error
    return OpenVinoModel(compiled, path.name, NAME)


def _core(runtime: str) -> tuple[openvino.Core, str]:
    """OpenVINO and the device that a runtime's name means. Raises RuntimeMissing."""
    with _OPENING:
        core = _only_core()
    device = runtime.partition(":")[2] or "CPU"
    there = core.available_devices
    if device not in [name.partition(".")[0] for name in there]:
        raise RuntimeMissing(
            f"OpenVINO finds no {device} here, only {' and '.join(there) or 'nothing'}: "
            "install its driver, or choose auto"
        )
    return core, device


@lru_cache(maxsize=1)
def _only_core() -> openvino.Core:
    """OpenVINO, opened once for the whole process.

    Each core gives the thread that opens it a stack of its own for signals, and puts the one before
    back when it goes. Of two, the first to go leaves the second one's "before" dangling, and the
    next signal, Ctrl-C say, ends the process with a segmentation fault (2026.4).
    """
    # An interruption while a library of C++ starts comes out of it as a failed import, or worse.
    with hold_signals():
        import openvino

        return openvino.Core()


def _settings(spec: EngineSpec, device: str) -> dict[str, Any]:
    settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
    if device == "CPU":
        settings["INFERENCE_NUM_THREADS"] = spec.threads or usable_cores()
        # A pinned thread waits for its core while another core idles.
        settings["ENABLE_CPU_PINNING"] = False
        # Where a graph keeps a matrix in eight bits, the other side is quantised by so many
        # channels at a time: a fifth faster on wide products than 32, the default.
        settings["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = 0 if spec.exact else _CHANNELS
    # A graph in eight bits has said which numbers may be coarse. The others are in single precision
    # because bfloat16 has no digits for them: the pixels at which a drawing's edges lie.
    if spec.exact or is_quantised(spec.path):
        settings["INFERENCE_PRECISION_HINT"] = "f32"
    return settings


class OpenVinoModel:
    """A model compiled by OpenVINO. See the protocol `Model`."""

    def __init__(self, compiled: openvino.CompiledModel, name: str, runtime: str) -> None:
        """name: the ONNX file's, for complaints."""
        self._name = name
        self.runtime = runtime
        try:
            self.inputs = {_name(p): _spec(p) for p in compiled.inputs}
            self.outputs = {_name(p): _spec(p) for p in compiled.outputs}
            self._request = compiled.create_infer_request()
        except RuntimeError as error:
            raise model_error(error, name) from error
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
            raise model_error(error, self._name, f"{self._name}: ") from error
        return {name: np.array(results[i]) for name, i in self._positions.items()}

    def close(self) -> None:
        """Let go of the compiled model."""
        self.__dict__.pop("_request", None)


def _name(port: Any) -> str:
    """As the ONNX file has it: a tensor beside which an operation was folded away has two names."""
    name = re.sub(r"/sink_port_\d+$", "", port.get_node().get_friendly_name())
    return name if name in port.get_names() else port.get_any_name()


def _spec(port: Any) -> TensorSpec:
    shape: tuple[Dimension, ...] = tuple(
        d.get_length() if d.is_static else "?" for d in port.partial_shape
    )
    dtype = port.get_element_type().get_type_name()
    return TensorSpec(shape, _DTYPES.get(str(dtype), str(dtype)))
