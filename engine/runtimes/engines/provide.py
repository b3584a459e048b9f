"""Compiled engines: found in the cache, or built, tried against the ONNX and kept there.

Each runtime that compiles brings three functions (`Compiler`); everything that makes a cache right
is here, once: the key, the lock, the trial, the mark that it was passed, the whole file.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.runtimes.cache import engine_folder
from engine.runtimes.compiler import Compiler, Progress
from engine.runtimes.engines.file import (
    CachedEngine,
    DamagedEngine,
    engine_path,
    read_engine,
    read_header,
    write_engine,
)
from engine.runtimes.engines.lock import engine_lock
from engine.runtimes.engines.trial import try_engine
from engine.runtimes.model import Model, ModelError
from engine.runtimes.spec import EngineSpec


def compiler_for(runtime: str) -> Compiler:
    """The compiler of a runtime's name, imported now. Raises ImportError."""
    if runtime.startswith("openvino"):
        from engine.runtimes import openvino

        return openvino
    from engine.runtimes.tensorrt import engine as tensorrt_engine

    return tensorrt_engine


def compiles(runtime: str) -> bool:
    """Whether a runtime has engines to wait for."""
    return runtime.startswith(("openvino", "tensorrt"))


def is_ready(spec: EngineSpec, folder: Path | None = None) -> bool:
    """Whether the engine is in the cache and was tried; its bytes are read when it is opened.

    Raises ModelError, ImportError where the runtime is not there.
    """
    compiler = compiler_for(spec.runtime)
    try:
        path, _ = _locate(spec, compiler, folder)
        return read_header(path)["about"]["tried"] is not None or not spec.spans
    except (OSError, DamagedEngine, KeyError):
        return False


def engine_cache_path(spec: EngineSpec, folder: Path | None = None) -> Path:
    """Where the engine is kept if it is. Raises ModelError, ImportError."""
    return _locate(spec, compiler_for(spec.runtime), folder)[0]


def load_cached(spec: EngineSpec, folder: Path | None = None) -> Model | None:
    """The engine out of the cache; None, and nothing is built, where there is no sound one.

    Raises ModelError, ImportError where the runtime is not there.
    """
    compiler = compiler_for(spec.runtime)
    return _open_cached(spec, compiler, _locate(spec, compiler, folder)[0])


def open_engine(spec: EngineSpec, folder: Path | None = None) -> Model:
    """The engine out of the cache, or built now. Raises ModelError.

    A folder that cannot be written stops nothing: then the engine is built and not kept.
    """
    compiler = compiler_for(spec.runtime)
    path, matters = _locate(spec, compiler, folder)
    found = _open_cached(spec, compiler, path)
    if found is not None:
        return found
    with contextlib.suppress(OSError), engine_lock(path):
        return _open_cached(spec, compiler, path) or _build_and_cache(
            spec, compiler, path, matters, _silent
        )
    return _build_and_cache(spec, compiler, path, matters, _silent)


def build_engine(
    spec: EngineSpec, folder: Path | None = None, progress: Progress = lambda what, share: None
) -> float | None:
    """See to it that the engine is in the cache and was tried: its error against the ONNX.

    Raises ModelError, and OSError where it cannot be kept.
    """
    compiler = compiler_for(spec.runtime)
    path, matters = _locate(spec, compiler, folder)
    with engine_lock(path, lambda: progress("waiting for another process that builds it", 0.0)):
        model = _open_cached(spec, compiler, path)
        if model is None:
            model = _build_and_cache(spec, compiler, path, matters, progress)
        model.close()
        return read_header(path)["about"]["tried"]


def _locate(
    spec: EngineSpec, compiler: Compiler, folder: Path | None
) -> tuple[Path, dict[str, Any]]:
    try:
        matters = spec.matters(compiler.matters(spec))
    except OSError as error:
        raise ModelError(f"{spec.path.name} cannot be read ({error.strerror})") from error
    return engine_path(folder or engine_folder(), spec.path.stem, matters), matters


def _open_cached(spec: EngineSpec, compiler: Compiler, path: Path) -> Model | None:
    """The kept engine if it is there, whole, understood by its runtime and right."""
    try:
        kept = read_engine(path)
        if kept is None:
            return None
        # A file can be whole and still not be understood, after a half-done update of the system.
        model = compiler.open_blob(spec, kept.blob)
    except (DamagedEngine, OSError, ModelError):
        return None
    if kept.about.get("tried") is None and spec.spans:
        try:
            tried = try_engine(spec, model)
        except ModelError:
            model.close()
            return None
        with contextlib.suppress(OSError):  # Then it is tried again next time.
            write_engine(path, replace(kept, about={**kept.about, "tried": tried}))
    return model


def _build_and_cache(
    spec: EngineSpec,
    compiler: Compiler,
    path: Path,
    matters: dict[str, Any],
    progress: Progress,
) -> Model:
    began_s = time.monotonic()
    progress("building", 0.0)
    blob = compiler.build(spec, progress)
    build_s = time.monotonic() - began_s
    model = compiler.open_blob(spec, blob)
    try:
        progress("comparing with the ONNX", 1.0)
        tried = try_engine(spec, model)
    except ModelError:
        model.close()
        raise
    about = {"path": str(spec.path), "build_s": round(build_s, 2), "tried": tried}
    try:
        write_engine(path, CachedEngine(matters, about, blob))
    except OSError:
        if progress is not _silent:  # Somebody waits for the file, not for the model.
            model.close()
            raise
    return model


def _silent(what: str, share: float) -> None:
    pass
