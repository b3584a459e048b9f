"""What stands in the folder of engines: each one, and whether it can still be used here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.runtimes.engines.file import SUFFIX, DamagedEngine, read_engine, read_header
from engine.runtimes.engines.lock import is_locked
from engine.runtimes.engines.provide import compiler_for
from engine.runtimes.model import ModelError, first_line
from engine.runtimes.spec import EngineSpec, onnx_digest

USABLE = "usable"


@dataclass(frozen=True, slots=True)
class Item:
    """One engine."""

    name: str
    """Of its file."""
    size: int
    """Bytes."""
    model: str
    """The ONNX file it was made of."""
    tried: float | None
    """How far it was off that when it was tried; None if it was not, yet."""
    state: str
    """USABLE, or why not, in a few words."""


def list_engines(folder: Path, whole: bool = False) -> Iterator[Item]:
    """Every engine of a folder, by name. whole: read each to its end, to find damage."""
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        size = path.stat().st_size
        try:
            if whole:
                read_engine(path)
            header = read_header(path)
        except (DamagedEngine, OSError) as error:
            yield Item(path.name, size, "-", None, f"damaged: {first_line(error)}")
            continue
        about, matters = header["about"], header["matters"]
        model = Path(about["path"])
        yield Item(path.name, size, model.name, about["tried"], _state(model, matters))


def prune(folder: Path) -> dict[str, str]:
    """Remove what can never be used again: file name to why; what is being built stays. Raises
    OSError."""
    gone: dict[str, str] = {}
    for item in list_engines(folder, whole=True):
        if item.state != USABLE and not item.state.startswith(_UNKNOWN):
            (folder / item.name).unlink()
            gone[item.name] = item.state
    locks = sorted(folder.glob("*.lock")) if folder.is_dir() else []
    building = {path.stem for path in locks if is_locked(path)}
    for path in sorted(folder.glob(".*-*")) if folder.is_dir() else ():
        if not any(path.name.startswith(f".{stem}") for stem in building):
            path.unlink()
            gone[path.name] = "left behind by a process that was killed"
    for path in locks:
        if path.stem not in building and not path.with_suffix(SUFFIX).exists():
            path.unlink()
    return gone


_UNKNOWN = "cannot be told"


def _state(model: Path, matters: dict[str, Any]) -> str:
    try:
        if onnx_digest(model) != matters["onnx"]:
            return "its model is another now"
    except OSError:
        return "its model is gone"
    runtime = matters["runtime"]
    spec = EngineSpec(model, runtime, matters["threads"], matters["exact"])
    try:
        now = compiler_for(runtime).matters(spec)
    except (ModelError, ImportError) as error:
        return f"{_UNKNOWN}: {first_line(error)}"
    # The shapes are the bundle's business, all else is this machine's.
    changed = [name for name in now if name != "spans" and now[name] != matters.get(name)]
    return f"made for another {' and '.join(changed)}" if changed else USABLE
