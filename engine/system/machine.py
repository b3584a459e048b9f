"""Which machine and which versions a figure belongs to."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from engine.system.cores import model_name, usable_processors

LIVE_LIBRARIES = ("soundglass", "numpy", "onnxruntime", "openvino", "soxr", "av", "PyQt6")
"""Whose versions stand beside the figures of a show."""


def machine(libraries: Sequence[str]) -> dict[str, Any]:
    """Processor, cores, memory, load, system, Python and the versions of libraries, for JSON.

    libraries: names of distributions; those that are not installed are left out.
    """
    return {
        "processor": model_name(),
        "cores": usable_processors(),
        "memory_mb": _memory_mb(),
        "load_1_min": load_1_min(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: found for name in libraries if (found := _version(name))},
    }


def load_1_min() -> float | None:
    """How many programs wanted a core over the last minute; None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _memory_mb() -> int | None:
    info = Path("/proc/meminfo")
    if not info.exists():
        return None
    return int(info.read_text("utf-8").split("MemTotal:")[1].split()[0]) // 1024
