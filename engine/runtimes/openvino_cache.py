"""Compiled OpenVINO models, kept on the machine that compiled them.

OpenVINO's own cache trusts what it finds: one changed byte in it and the pictures are others, with
no word said. Here each file begins with the SHA-256 of the rest, is written whole or not at all,
and has a name made of everything that matters to what is in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.runtimes.cache import cache_folder, write_whole
from engine.runtimes.cores import processor

if TYPE_CHECKING:
    import openvino

_DIGEST = 32


def compile_model(
    core: openvino.Core, path: Path, settings: Mapping[str, Any]
) -> openvino.CompiledModel:
    """An ONNX file compiled for the CPU, out of the cache if it is in there and undamaged."""
    kept = cache_folder() / "openvino" / f"{_key(core, path, settings)}.compiled"
    blob = _read(kept)
    if blob is not None:
        # A file can be whole and still not be understood, after a half-done update of the system.
        with contextlib.suppress(RuntimeError):
            return core.import_model(blob, "CPU", dict(settings))
    compiled = core.compile_model(core.read_model(path), "CPU", dict(settings))
    with contextlib.suppress(OSError, RuntimeError):  # Then it is compiled again next time.
        written = io.BytesIO()
        compiled.export_model(written)
        blob = written.getvalue()
        write_whole(kept, hashlib.sha256(blob).digest() + blob)
    return compiled


def _read(path: Path) -> bytes | None:
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    blob = raw[_DIGEST:]
    return blob if hashlib.sha256(blob).digest() == raw[:_DIGEST] else None


def _key(core: openvino.Core, path: Path, settings: Mapping[str, Any]) -> str:
    # Weights that stand beside a model are a part of it.
    files = [path, *sorted(path.parent.glob("*.weights"))]
    matters = [
        [hashlib.sha256(file.read_bytes()).hexdigest() for file in files],
        str(core.get_versions("CPU")["CPU"].build_number),
        processor(),
        sorted((name, str(value)) for name, value in settings.items()),
    ]
    return hashlib.sha256(json.dumps(matters).encode()).hexdigest()[:32]
