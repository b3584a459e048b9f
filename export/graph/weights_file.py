"""The file beside graphs that holds their large weights, each only once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

SHARED = "generator.weights"
"""What it is called beside the generators of a bundle."""
_ALIGNED = 64
"""Runtimes map the file into memory and like their tensors to begin at such a byte."""


class WeightsFile:
    """A file of weights that is being written; a context that closes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[bytes, tuple[int, int]] = {}
        self._file: BinaryIO = path.open("wb")

    def __enter__(self) -> WeightsFile:
        return self

    def __exit__(self, *failure: object) -> None:
        self._file.close()

    def put(self, values: NDArray[Any]) -> tuple[int, int]:
        """Write an array's bytes, unless the same lie there; says at which byte, and how many."""
        raw: Any = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
        key = hashlib.sha256(raw).digest()
        if key not in self._places:
            self._file.write(b"\0" * (-self._file.tell() % _ALIGNED))
            self._places[key] = (self._file.tell(), raw.size)
            self._file.write(raw)
        return self._places[key]
