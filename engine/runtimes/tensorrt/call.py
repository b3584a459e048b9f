"""One shape's call of a TensorRT engine, captured as a CUDA graph; and the memory that all share.

cuda-core does streams, memory and graphs. Nothing here has run on a GPU yet.
"""

# The libraries are not on most machines; their names are checked by
# tests/engine/runtimes/tensorrt/test_names.py.
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.runtimes.model import Array, ModelError, TensorSpec
from engine.runtimes.spec import EngineSpec, Shape

if TYPE_CHECKING:
    import tensorrt as trt
    from cuda.core import Buffer, Device, Stream
    from cuda.core.graph import Graph, GraphBuilder


class GpuMemory:
    """The stream, and for every tensor a buffer on the GPU and a pinned one beside it."""

    def __init__(
        self,
        engine: trt.ICudaEngine,
        spec: EngineSpec,
        inputs: Mapping[str, TensorSpec],
        outputs: Mapping[str, TensorSpec],
    ) -> None:
        """Take room for the largest call. Raises ModelError first if there is not enough."""
        from cuda.core import Device, LegacyPinnedMemoryResource

        self.dtypes = {name: np.dtype(t.dtype) for name, t in (*inputs.items(), *outputs.items())}
        sizes = _largest(engine, spec, self.dtypes, tuple(outputs))
        self.scratch_bytes = engine.device_memory_size_v2
        need = sum(sizes.values()) + self.scratch_bytes
        device: Device = Device(0)
        device.set_current()
        free = device.to_system_device().memory_info.free
        if free < need:
            raise ModelError(
                f"{spec.path.name} needs {need / 2**20:.0f} MiB of GPU memory to run, "
                f"{free / 2**20:.0f} are free: end what else uses the GPU, or choose auto"
            )
        self._device = device
        self.stream: Stream = device.create_stream()
        pinned: LegacyPinnedMemoryResource = LegacyPinnedMemoryResource()
        self.device: dict[str, Buffer] = {
            name: device.allocate(size, stream=self.stream) for name, size in sizes.items()
        }
        self.host: dict[str, Buffer] = {name: pinned.allocate(size) for name, size in sizes.items()}
        self.scratch: Buffer = device.allocate(max(256, self.scratch_bytes), stream=self.stream)
        self.stream.sync()

    def use(self) -> None:
        """Make the GPU the calling thread's."""
        self._device.set_current()


class Call:
    """A call of fixed shapes."""

    def __init__(
        self,
        engine: trt.ICudaEngine,
        memory: GpuMemory,
        profile: int,
        shapes: Mapping[str, Shape],
        outputs: tuple[str, ...],
    ) -> None:
        """Bind the buffers, run once and capture. Raises ModelError when TensorRT refuses."""
        import tensorrt as trt

        self._memory, self._outputs = memory, outputs
        self._stream: Stream = memory.stream
        # All calls use one scratch memory: they share a stream, so one is over before the next.
        self._context: trt.IExecutionContext = engine.create_execution_context(
            trt.ExecutionContextAllocationStrategy.USER_MANAGED
        )
        context = self._context
        context.set_device_memory(int(memory.scratch.handle), memory.scratch_bytes)
        if not context.set_optimization_profile_async(profile, int(self._stream.handle)):
            raise ModelError(f"TensorRT refuses its profile {profile}")
        self._stream.sync()
        for name, shape in shapes.items():
            if not context.set_input_shape(name, shape):
                raise ModelError(f"TensorRT refuses {name} of shape {list(shape)}")
        for name, buffer in memory.device.items():
            context.set_tensor_address(name, int(buffer.handle))
        missing = context.infer_shapes()
        if missing:
            raise ModelError(f"TensorRT does not know the shape of {', '.join(missing)}")
        self._shapes: dict[str, Shape] = {
            name: tuple(int(n) for n in context.get_tensor_shape(name)) for name in memory.device
        }
        # Parts of the shared buffers, as long as this shape needs them.
        self._pinned: dict[str, Buffer] = {
            name: _part(whole, self._bytes(name)) for name, whole in memory.host.items()
        }
        self._on_gpu: dict[str, Buffer] = {
            name: _part(whole, self._bytes(name)) for name, whole in memory.device.items()
        }
        self._arrays = {
            name: _array(memory.host[name], shape, memory.dtypes[name])
            for name, shape in self._shapes.items()
        }
        self._inputs = tuple(shapes)
        # TensorRT wants to have run a shape before the shape is captured.
        self._enqueue(self._stream)
        self._stream.sync()
        self._graph: Graph | None = self._capture()

    @property
    def captured(self) -> bool:
        """Whether the call is one CUDA graph."""
        return self._graph is not None

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output, in arrays of its own."""
        for name in self._inputs:
            np.copyto(self._arrays[name], inputs[name])
        if self._graph is not None:
            self._graph.launch(self._stream)
        else:
            self._enqueue(self._stream)
        self._stream.sync()
        return {name: self._arrays[name].copy() for name in self._outputs}

    def _capture(self) -> Graph | None:
        builder: GraphBuilder = self._stream.create_graph_builder()
        try:
            builder.begin_building("thread_local")
            self._enqueue(builder)
            graph: Graph = builder.end_building().complete()
            graph.upload(self._stream)
            return graph
        except Exception:
            # Some networks cannot be captured; they run as before, and `captured` tells.
            if builder.is_building:
                builder.end_building()
            return None
        finally:
            builder.close()

    def _enqueue(self, stream: Stream | GraphBuilder) -> None:
        """The whole call: inputs to the GPU, the network, outputs back."""
        for name in self._inputs:
            self._pinned[name].copy_to(self._on_gpu[name], stream=stream)
        _, handle = stream.__cuda_stream__()
        if not self._context.execute_async_v3(int(handle)):
            raise ModelError("TensorRT could not run the network")
        for name in self._outputs:
            self._on_gpu[name].copy_to(self._pinned[name], stream=stream)

    def _bytes(self, name: str) -> int:
        return math.prod(self._shapes[name]) * self._memory.dtypes[name].itemsize


def _largest(
    engine: trt.ICudaEngine,
    spec: EngineSpec,
    dtypes: Mapping[str, np.dtype],
    outputs: tuple[str, ...],
) -> dict[str, int]:
    """Bytes of every tensor in the largest call of any profile."""
    sizes = dict.fromkeys(dtypes, 0)
    for profile, span in enumerate(spec.spans):
        context: trt.IExecutionContext = engine.create_execution_context(_no_memory())
        context.set_optimization_profile_async(profile, 0)
        for name, shape in span.most.items():
            context.set_input_shape(name, shape)
        context.infer_shapes()
        for name, dtype in dtypes.items():
            shape = tuple(int(n) for n in context.get_tensor_shape(name))
            sizes[name] = max(sizes[name], math.prod(shape) * dtype.itemsize)
    return sizes


def _no_memory() -> trt.ExecutionContextAllocationStrategy:
    import tensorrt as trt

    return trt.ExecutionContextAllocationStrategy.USER_MANAGED


def _part(whole: Buffer, size: int) -> Buffer:
    from cuda.core import Buffer

    return Buffer.from_handle(int(whole.handle), size, owner=whole)


def _array(whole: Buffer, shape: Shape, dtype: np.dtype) -> Array:
    """The beginning of a pinned buffer as an array that is written through."""
    count = math.prod(shape)
    raw = (ctypes.c_uint8 * (count * dtype.itemsize)).from_address(int(whole.handle))
    return np.frombuffer(memoryview(raw), dtype, count).reshape(shape)
