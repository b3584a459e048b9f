"""Opens a model with the runtime of a name: what is installed, and how each is loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from engine.runtimes.engines.provide import compiles, open_engine
from engine.runtimes.model import Model, RuntimeMissing
from engine.runtimes.names import PROCESSOR, RUNTIMES
from engine.runtimes.spec import EngineSpec


def installed_runtimes() -> tuple[str, ...]:
    """Runtimes of the processor that can be imported; nothing is imported to find out."""
    return tuple(name for name in PROCESSOR if importlib.util.find_spec(name) is not None)


def load_model(
    path: Path, runtime: str, threads: int | None = None, exact: bool = False
) -> Model:
    """Open an ONNX file with a runtime by name. See `load_engine`."""
    return load_engine(EngineSpec(path, runtime, threads, exact))


def load_engine(spec: EngineSpec, folder: Path | None = None) -> Model:
    """Open an ONNX file with its runtime; where that compiles and has not yet, it does so now.

    folder: of the compiled engines, None for the user's cache. Raises RuntimeMissing or ModelError.
    """
    check_runtime(spec.runtime)
    if compiles(spec.runtime):
        return open_engine(spec, folder)
    if spec.runtime == "onnxruntime-cuda":
        from engine.runtimes.onnxruntime_cuda import load as load_cuda

        return load_cuda(spec.path, spec.exact)
    from engine.runtimes.onnxruntime import load as load_onnxruntime

    return load_onnxruntime(spec.path, spec.threads)


def check_runtime(runtime: str) -> None:
    """Raise RuntimeMissing, with the remedy, where a runtime is unknown or not installed."""
    if runtime not in RUNTIMES:
        raise RuntimeMissing(
            f'there is no runtime "{runtime}"; choose auto, {" or ".join(RUNTIMES)}'
        )
    library = runtime.partition(":")[0]
    if library == "openvino" or runtime == "onnxruntime":
        if library not in installed_runtimes():
            remedy = "pip install openvino" if library == "openvino" else "install soundglass again"
            raise RuntimeMissing(
                f"the runtime {library} is not installed; {remedy}, or choose auto"
            )
    elif runtime == "tensorrt":
        from engine.runtimes.tensorrt.engine import check_installed

        check_installed()


def has_tensorrt() -> bool:
    """Whether TensorRT and a GPU for it are there; nothing is imported where it is not."""
    if importlib.util.find_spec("tensorrt") is None:
        return False
    try:
        check_runtime("tensorrt")
    except RuntimeMissing:
        return False
    return True
