"""How many processor cores a model may keep busy, and which processor this is."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_MOST = 8
"""More threads than this make small models slower, not faster."""


def usable_processors() -> int:
    """How many this process may use, hyper-threads counted; 1 or more."""
    return len(_allowed()) or os.cpu_count() or 1


@cache
def usable_cores() -> int:
    """Cores, not hyper-threads, that this process may use; 1 to 8."""
    allowed, logical = _allowed(), usable_processors()
    cores = {
        (about.get("physical id"), about.get("core id"))
        for about in _processors()
        if "core id" in about and (not allowed or int(about["processor"]) in allowed)
    }
    return max(1, min(_MOST, len(cores) or logical, logical))


@cache
def processor() -> str:
    """The processor's model and abilities, as far as the system tells."""
    first = next(iter(_processors()), {})
    told = (first.get("model name"), first.get("flags") or first.get("Features"))
    return " | ".join(p for p in (platform.machine(), platform.processor(), *told) if p)


def model_name() -> str:
    """The processor's model, as people call it."""
    first = next(iter(_processors()), {})
    return first.get("model name") or platform.processor() or platform.machine()


def _allowed() -> set[int]:
    """Numbers of the processors that this process may use; none where the system does not say."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


@cache
def _processors() -> tuple[dict[str, str], ...]:
    try:
        text = _CPUINFO.read_text(errors="replace")
    except OSError:
        return ()
    blocks = (
        dict(
            (key.strip(), value.strip())
            for key, found, value in (line.partition(":") for line in block.splitlines())
            if found
        )
        for block in text.split("\n\n")
    )
    return tuple(block for block in blocks if "processor" in block)
