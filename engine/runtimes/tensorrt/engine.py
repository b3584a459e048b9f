"""TensorRT 11: what an engine depends on, how it is built, how it is opened.

TensorRT 11 is always strongly typed: the precision of every layer is the one that is written in the
ONNX file, and nothing here chooses any, but that a processor's eight bits become single precision.
One engine serves every span of shapes it was built for, by one optimisation profile each.

Not one line of this has run on a GPU yet; `soundglass engines --self-test` is what proves it.
"""

# The libraries are not on most machines; their names are checked by
# tests/engine/runtimes/tensorrt/test_names.py.
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.runtimes.cache import engine_folder, write_whole
from engine.runtimes.dequantise import dequantise_file, is_quantised
from engine.runtimes.model import Model, ModelError, RuntimeMissing, first_line
from engine.runtimes.spec import EngineSpec

if TYPE_CHECKING:
    import tensorrt as trt
    from cuda.core import Device

    from engine.runtimes.compiler import Progress

NAME = "tensorrt"
_INSTALL = "pip install 'soundglass[gpu]', or choose auto"


def check_installed() -> None:
    """Raise RuntimeMissing, with the remedy, where TensorRT 11, cuda-core or a GPU is missing."""
    try:
        import tensorrt as trt
    except (ImportError, OSError) as error:
        raise RuntimeMissing(
            f"TensorRT is not installed ({first_line(error)}); {_INSTALL}"
        ) from None
    if int(trt.__version__.split(".")[0]) < 11:
        raise RuntimeMissing(f"TensorRT is {trt.__version__}, older than 11; {_INSTALL}")
    try:
        from cuda.core import system

        devices = system.get_num_devices()
    except ImportError as error:
        raise RuntimeMissing(
            f"cuda-core is not installed ({first_line(error)}); {_INSTALL}"
        ) from None
    except Exception as error:  # The driver's library has its own ways of not being there.
        raise RuntimeMissing(
            f"there is no NVIDIA driver here ({first_line(error)}); install it, or choose auto"
        ) from None
    if not devices:
        raise RuntimeMissing("there is no NVIDIA GPU here; choose auto")


def matters(spec: EngineSpec) -> dict[str, Any]:
    """What an engine of TensorRT depends on beside its ONNX. Raises RuntimeMissing."""
    check_installed()
    import tensorrt as trt
    from cuda.core import Device, system

    device: Device = Device(0)
    drivers = [list(system.get_user_mode_driver_version())]
    with contextlib.suppress(RuntimeError):  # Not told on every system.
        drivers.append(list(system.get_kernel_mode_driver_version()))
    return {
        "version": trt.__version__,
        "device": device.name,
        "capability": [int(part) for part in device.compute_capability],
        "driver": drivers,
        "spans": spans_matter(spec),
    }


def spans_matter(spec: EngineSpec) -> list[Any]:
    """The spans as JSON: an engine built for other shapes is another engine."""
    return [asdict(span) for span in spec.spans]


def build(spec: EngineSpec, progress: Progress) -> bytes:
    """Compile an ONNX file. Raises ModelError."""
    import tensorrt as trt

    from engine.runtimes.tensorrt.log import make_logger, make_monitor

    if not spec.spans:
        raise ModelError(f"{spec.path.name}: TensorRT must be told the shapes; use a bundle")
    _set_device()
    logger, complaints = make_logger()
    builder: trt.Builder = trt.Builder(logger)
    network: trt.INetworkDefinition = builder.create_network()
    parser: trt.OnnxParser = trt.OnnxParser(network, logger)
    if is_quantised(spec.path):
        parsed = parser.parse(dequantise_file(spec.path))
    else:
        # From the file, not from its bytes: the weights stand beside it.
        parsed = parser.parse_from_file(str(spec.path))
    if not parsed:
        faults = [parser.get_error(i).desc() for i in range(parser.num_errors)]
        raise ModelError(f"{spec.path.name}: TensorRT cannot read it: {_one_line(faults)}")
    config: trt.IBuilderConfig = builder.create_builder_config()
    if spec.exact:
        config.clear_flag(trt.BuilderFlag.TF32)
    config.progress_monitor = make_monitor(progress)
    _add_profiles(builder, config, spec)
    times = _timing_cache(spec)
    cache: trt.ITimingCache = config.create_timing_cache(_read(times))
    # Without strictness a cache of another GPU would be taken for this one's.
    if not config.set_timing_cache(cache, ignore_mismatch=False):
        cache = config.create_timing_cache(b"")
        config.set_timing_cache(cache, ignore_mismatch=False)
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise ModelError(f"{spec.path.name}: TensorRT cannot build it: {_one_line(complaints)}")
    with contextlib.suppress(OSError):  # Then the next build takes as long as this one.
        write_whole(times, bytes(cache.serialize()))
    return bytes(plan)


def open_blob(spec: EngineSpec, blob: bytes) -> Model:
    """Open what `build` gave. Raises ModelError."""
    import tensorrt as trt

    from engine.runtimes.tensorrt.log import make_logger
    from engine.runtimes.tensorrt.model import TensorRtModel

    device: Device = _set_device()
    need = len(blob)
    free = device.to_system_device().memory_info.free
    if free < need:
        raise ModelError(
            f"{spec.path.name} needs {need / 2**20:.0f} MiB of GPU memory for its weights, "
            f"{free / 2**20:.0f} are free: end what else uses the GPU, or choose auto"
        )
    logger, complaints = make_logger()
    runtime: trt.Runtime = trt.Runtime(logger)
    engine: trt.ICudaEngine = runtime.deserialize_cuda_engine(blob)
    if engine is None:
        raise ModelError(f"{spec.path.name}: TensorRT refuses its engine: {_one_line(complaints)}")
    return TensorRtModel(engine, runtime, spec)


def _set_device() -> Device:
    from cuda.core import Device

    device: Device = Device(0)
    device.set_current()
    return device


def _add_profiles(builder: trt.Builder, config: trt.IBuilderConfig, spec: EngineSpec) -> None:
    for span in spec.spans:
        profile: trt.IOptimizationProfile = builder.create_optimization_profile()
        for name, usual in span.usual.items():
            profile.set_shape(name, span.least[name], usual, span.most[name])
        if config.add_optimization_profile(profile) < 0:
            raise ModelError(f"{spec.path.name}: TensorRT refuses the shapes {dict(span.most)}")


def _timing_cache(spec: EngineSpec) -> Path:
    """How long each tactic took is worth keeping per version and device, over all models."""
    found = matters(spec)
    key = repr((found["version"], found["device"], found["capability"], found["driver"]))
    return engine_folder() / f"tensorrt-{hashlib.sha256(key.encode()).hexdigest()[:24]}.timing"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _one_line(complaints: Sequence[str]) -> str:
    return " ".join(" ".join(complaints).split())[:300] or "it does not say why"
