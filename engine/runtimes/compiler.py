"""What a runtime that compiles brings: three functions, and a word for how far they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from engine.runtimes.model import Model
from engine.runtimes.spec import EngineSpec

Progress = Callable[[str, float], None]
"""What is being done, in a few words, and the share of it that is done, in [0, 1]."""


class Compiler(Protocol):
    """What a runtime that compiles can do."""

    def matters(self, spec: EngineSpec) -> dict[str, Any]:
        """What makes another engine here: versions, device, driver. Raises ModelError."""
        ...

    def build(self, spec: EngineSpec, progress: Progress) -> bytes:
        """Compile. Raises ModelError."""
        ...

    def open_blob(self, spec: EngineSpec, blob: bytes) -> Model:
        """Open what `build` gave. Raises ModelError when the runtime does not understand it."""
        ...
