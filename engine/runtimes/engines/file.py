"""Engines as files: whole or not there, and never taken for something else.

A file is the SHA-256 of the rest, then the length of a header (4 bytes, little-endian), the header
(JSON: everything that the engine was made for, and how it did when it was tried), then the engine
as its runtime wrote it. Its name is made of what matters to what is in it, so that no change of a
driver, a version, a shape or a model can ever find an old one.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.runtimes.cache import write_whole

SUFFIX = ".engine"
_FORMAT = 1
_DIGEST = 32
_LENGTH = struct.Struct("<I")
_MOST_HEADER = 1 << 20


class DamagedEngine(ValueError):  # noqa: N818 - reads as what it says in an except clause
    """The file is no engine, or not all of one."""


@dataclass(frozen=True, slots=True)
class CachedEngine:
    """An engine as it was found on disk, undamaged."""

    matters: Mapping[str, Any]
    """What it was made for."""
    about: Mapping[str, Any]
    """path (of the ONNX file), build_s, and tried: the error against ONNX Runtime, or None."""
    blob: bytes
    """For its runtime."""


def engine_path(folder: Path, stem: str, matters: Mapping[str, Any]) -> Path:
    """Where the engine for a model called `stem` and all that matters is, if it is there."""
    key = hashlib.sha256(_canonical(matters)).hexdigest()[:24]
    runtime = str(matters["runtime"]).replace(":", "-")
    return folder / f"{runtime}-{stem}-{key}{SUFFIX}"


def write_engine(path: Path, engine: CachedEngine) -> None:
    """Keep an engine. Raises OSError; then there is nothing new on disk."""
    header = _canonical(
        {"format": _FORMAT, "matters": dict(engine.matters), "about": dict(engine.about)}
    )
    rest = _LENGTH.pack(len(header)) + header + engine.blob
    write_whole(path, hashlib.sha256(rest).digest() + rest)


def read_engine(path: Path) -> CachedEngine | None:
    """The engine of a file, None where there is no file. Raises DamagedEngine, OSError."""
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    rest = memoryview(raw)[_DIGEST:]
    if len(rest) < _LENGTH.size or hashlib.sha256(rest).digest() != raw[:_DIGEST]:
        raise DamagedEngine(f"{path.name} is damaged")
    header, blob = _split(path, rest)
    return CachedEngine(header["matters"], header["about"], bytes(blob))


def read_header(path: Path) -> dict[str, Any]:
    """matters and about of a file, without reading the engine. Raises DamagedEngine, OSError."""
    with path.open("rb") as file:
        return _split(path, memoryview(file.read(_DIGEST + _LENGTH.size + _MOST_HEADER))[_DIGEST:])[
            0
        ]


def _split(path: Path, rest: memoryview) -> tuple[dict[str, Any], memoryview]:
    try:
        (length,) = _LENGTH.unpack(rest[: _LENGTH.size])
        end = _LENGTH.size + length
        header = json.loads(bytes(rest[_LENGTH.size : end]))
        if header["format"] != _FORMAT or not isinstance(header["matters"], dict):
            raise DamagedEngine(f"{path.name} is of another version of Soundglass")
        return header, rest[end:]
    except (struct.error, ValueError, RecursionError, KeyError, TypeError) as error:
        if isinstance(error, DamagedEngine):
            raise
        raise DamagedEngine(f"{path.name} is damaged") from error


def _canonical(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True).encode()
