"""What is to be compiled for this machine: one model, for one runtime, for the shapes of a show."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The shapes of one kind of call: every input from its least to its most."""

    least: Mapping[str, Shape]
    usual: Mapping[str, Shape]
    """What the engine is tuned for, and tried with."""
    most: Mapping[str, Shape]

    def covers(self, shapes: Mapping[str, Shape]) -> bool:
        """Whether a call with these shapes is within the span."""
        return all(
            name in shapes
            and len(shapes[name]) == len(low)
            and all(a <= n <= b for a, n, b in zip(low, shapes[name], self.most[name], strict=True))
            for name, low in self.least.items()
        )


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """One model to be compiled."""

    path: Path
    """The ONNX file."""
    runtime: str
    """Such as "openvino", "openvino:GPU" or "tensorrt"."""
    threads: int | None = None
    """Processor threads for one operator, None for all cores."""
    exact: bool = False
    """Compute in float32 even where the chip would rather use something shorter."""
    spans: tuple[Span, ...] = ()
    """Without any, the engine cannot be tried before it is used."""

    @property
    def name(self) -> str:
        """What people read: the model's and the runtime's name."""
        return f"{self.path.stem} for {self.runtime}"

    def matters(self, runtime: Mapping[str, Any]) -> dict[str, Any]:
        """Everything that makes another engine of it; `runtime` is what matters to the runtime."""
        return {
            "onnx": onnx_digest(self.path),
            "runtime": self.runtime,
            "threads": self.threads,
            "exact": self.exact,
            **runtime,
        }


def spec_as_json(spec: EngineSpec) -> dict[str, Any]:
    """For another process; back with `spec_from_json`."""
    return asdict(spec) | {"path": os.fspath(spec.path)}


def spec_from_json(data: Mapping[str, Any]) -> EngineSpec:
    """What `spec_as_json` gave, after JSON has made lists of its tuples."""

    def shapes(found: Mapping[str, Any]) -> dict[str, Shape]:
        return {name: tuple(shape) for name, shape in found.items()}

    spans = tuple(
        Span(shapes(s["least"]), shapes(s["usual"]), shapes(s["most"])) for s in data["spans"]
    )
    return EngineSpec(
        Path(data["path"]), data["runtime"], data["threads"], data["exact"], spans
    )


def onnx_digest(path: Path) -> str:
    """SHA-256 of an ONNX file and of the weights that stand beside it. Raises OSError."""
    raw = path.read_bytes()
    # An ONNX file names the files that hold its weights, letter for letter.
    beside = [
        file
        for file in sorted(path.parent.iterdir())
        if file != path and file.is_file() and file.name.encode() in raw
    ]
    parts = [hashlib.sha256(raw).hexdigest(), *((f.name, file_digest(f)) for f in beside)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read once as long as it stays as it is. Raises OSError."""
    found = path.stat()
    return _file_digest(path, found.st_size, found.st_mtime_ns, found.st_ino)


@cache
def _file_digest(path: Path, size: int, changed_ns: int, inode: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
