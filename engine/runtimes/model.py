"""What every runtime gives back when it opens an ONNX file: one small protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from engine.system.outside import MEMORY, memory_is_short

Array = NDArray[Any]
Dimension = int | str
"""A fixed size, or the name of one that is free ("?" where the runtime knows no name)."""


class ModelError(RuntimeError):
    """A model cannot be opened or run. One line that names the file and the remedy."""


class MemoryShort(ModelError):  # noqa: N818 - reads as what it says in an except clause
    """A model cannot be opened or run because the machine has too little memory for it."""


class RuntimeMissing(ModelError):  # noqa: N818 - reads as what it says in an except clause
    """The asked-for runtime is unknown or not installed on this machine."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One named input or output of a model."""

    shape: tuple[Dimension, ...]
    """Dimensions, outermost first."""
    dtype: str
    """numpy's name of the element type, such as "float32" or "uint8"."""

    def fits(self, array: Array) -> bool:
        """Whether an array has this type and every fixed dimension of this shape."""
        return (
            array.dtype == np.dtype(self.dtype)
            and array.ndim == len(self.shape)
            and all(isinstance(d, str) or d == n
                    for d, n in zip(self.shape, array.shape, strict=True))
        )

    def __str__(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"


@runtime_checkable
class Model(Protocol):
    """An opened model. `run` may be called from any thread, one call at a time."""

    @property
    def runtime(self) -> str:
        """Name of the runtime that runs it, such as "onnxruntime" or "openvino:GPU"."""
        ...

    @property
    def inputs(self) -> Mapping[str, TensorSpec]:
        """Inputs by name, in the order of the file."""
        ...

    @property
    def outputs(self) -> Mapping[str, TensorSpec]:
        """Outputs by name, in the order of the file."""
        ...

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the file."""
        ...

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name. Raises ModelError when an input is missing or of a wrong shape."""
        ...

    def close(self) -> None:
        """Let go of the model's memory. `run` must not be called afterwards."""
        ...


def model_error(error: Exception, name: str, before: str = "") -> ModelError:
    """What a runtime's complaint about the model in a file of that name is to a person.

    before: begins the line, unless it is about the memory.
    """
    if memory_is_short(error):
        return MemoryShort(f"there is too little memory for {name}: {MEMORY}")
    return ModelError(f"{before}{first_line(error)}")


def first_line(error: Exception) -> str:
    """What a runtime's many-lined complaint begins with."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
