"""A TensorRT engine as a `Model`: buffers bound once, each shape's whole call one CUDA graph.

One stream and one set of buffers, as large as the largest call. For every shape that is asked for
there is an execution context of its own, whose call (inputs to the GPU, the network, outputs back)
is captured when it comes first and launched as one graph from then on.

Not one line of this has run on a GPU yet; `soundglass engines --self-test` is what proves it.
"""

# The libraries are not on most machines; their names are checked by
# tests/engine/runtimes/tensorrt/test_names.py.
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.runtimes.model import Array, ModelError, TensorSpec, first_line
from engine.runtimes.spec import EngineSpec, Shape
from engine.runtimes.tensorrt.call import Call, GpuMemory

if TYPE_CHECKING:
    import tensorrt as trt

NAME = "tensorrt"
_CALLS_KEPT = 24
"""More shapes than a show has; the one that was not used for longest is let go of."""


class TensorRtModel:
    """An engine on the first GPU. See the protocol `Model`."""

    runtime = NAME

    def __init__(self, engine: trt.ICudaEngine, runtime: trt.Runtime, spec: EngineSpec) -> None:
        """runtime: kept as long as its engine. Raises ModelError when the GPU has no room."""
        import tensorrt as trt

        self._name, self._spans = spec.path.name, spec.spans
        self._runtime, self._engine = runtime, engine
        self.inputs: dict[str, TensorSpec] = {}
        self.outputs: dict[str, TensorSpec] = {}
        for i in range(engine.num_io_tensors):
            name = engine.get_tensor_name(i)
            dtype = np.dtype(trt.nptype(engine.get_tensor_dtype(name))).name
            shape = tuple("?" if n < 0 else int(n) for n in engine.get_tensor_shape(name))
            is_input = engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT
            (self.inputs if is_input else self.outputs)[name] = TensorSpec(shape, dtype)
        self._memory = GpuMemory(engine, spec, self.inputs, self.outputs)
        self._calls: OrderedDict[tuple[Shape, ...], Call] = OrderedDict()

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the file."""
        return tuple(self.inputs)

    @property
    def graphs(self) -> bool:
        """Whether every call so far was captured as a CUDA graph."""
        return all(call.captured for call in self._calls.values())

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name. Raises ModelError when the inputs do not fit."""
        for name, spec in self.inputs.items():
            if name not in inputs or not spec.fits(inputs[name]):
                raise ModelError(f"{self._name}: input {name} must be {spec}")
        shapes = {name: inputs[name].shape for name in self.inputs}
        key = tuple(shapes.values())
        try:
            self._memory.use()
            call = self._calls.get(key)
            if call is None:
                call = self._calls[key] = Call(
                    self._engine, self._memory, self._profile(shapes), shapes, tuple(self.outputs)
                )
                if len(self._calls) > _CALLS_KEPT:
                    self._calls.popitem(last=False)
            self._calls.move_to_end(key)
            return call.run(inputs)
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(f"{self._name}: {first_line(error)}") from error

    def close(self) -> None:
        """Let go of the engine and its memory."""
        for part in ("_calls", "_memory", "_engine", "_runtime"):
            self.__dict__.pop(part, None)

    def _profile(self, shapes: Mapping[str, Shape]) -> int:
        """The first profile that has room for the shapes: they stand in the order of use."""
        for i, span in enumerate(self._spans):
            if span.covers(shapes):
                return i
        raise ModelError(f"{self._name}: its engine was not built for the shapes {dict(shapes)}")
