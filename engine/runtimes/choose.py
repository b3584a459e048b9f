"""Which runtime opens models where nobody asked for one: the fastest on this machine.

What "auto" means is measured once and remembered in the user's cache folder, under a key of
everything that matters: the models, the runtimes' versions, the processor and the threads.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.runtimes.cache import cache_folder, write_whole
from engine.runtimes.measure import Trial, as_json
from engine.runtimes.names import RUNTIMES
from engine.runtimes.open import has_tensorrt, installed_runtimes
from engine.system.cores import processor, usable_cores

_MEASURED_AS = 1
"""Raised when the way of measuring changes."""
_TAKES_AT_MOST_S = 120.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What "auto" stands for, and why."""

    runtime: str
    ms_per_s: Mapping[str, float]
    """Runtime to milliseconds of model time for a second of show; empty if nothing to compare."""
    why: str
    """In plain words."""
    fresh: bool
    """Whether it was measured now, not remembered."""


def pick_runtime(trials: Sequence[Trial], threads: int | None = None) -> Choice:
    """What "auto" stands for on this machine. Measures, for some seconds, at most once."""
    known = known_choice(trials, threads)
    if known is not None:
        return known
    runtimes = installed_runtimes()
    found = _measure_runtimes(trials, runtimes, threads)
    with contextlib.suppress(OSError):  # Then it is measured again next time.
        write_whole(
            _choice_path(trials, runtimes, threads), (json.dumps(found) + "\n").encode()
        )
    return _choice(found, True)


def known_choice(trials: Sequence[Trial], threads: int | None = None) -> Choice | None:
    """What "auto" stands for if that is known without measuring."""
    if has_tensorrt():
        return Choice("tensorrt", {}, "there is an NVIDIA GPU and TensorRT", False)
    runtimes = installed_runtimes()
    if len(runtimes) < 2:
        return Choice(RUNTIMES[0], {}, "the only runtime installed", False)
    known = _load_measurement(_choice_path(trials, runtimes, threads), runtimes)
    return None if known is None else _choice(known, False)


def _choice_path(trials: Sequence[Trial], runtimes: Sequence[str], threads: int | None) -> Path:
    return cache_folder() / "runtimes" / f"{_key(trials, runtimes, threads)}.json"


def _choice(ms_per_s: Mapping[str, float], fresh: bool) -> Choice:
    if not ms_per_s:
        return Choice(RUNTIMES[0], {}, "the others failed when they were measured", fresh)
    best = min(ms_per_s, key=lambda r: ms_per_s[r])
    others = ", ".join(f"{r} {ms:.0f}" for r, ms in ms_per_s.items() if r != best)
    why = f"{ms_per_s[best]:.0f} ms of models for a second of show; {others}"
    return Choice(best, ms_per_s, why, fresh)


def _measure_runtimes(
    trials: Sequence[Trial], runtimes: Sequence[str], threads: int | None
) -> dict[str, float]:
    """As measured in a process of its own; empty when that failed."""
    home = os.fspath(Path(__file__).parents[2])
    paths = [home, os.environ.get("PYTHONPATH", "")]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.runtimes.measure", as_json(trials, runtimes, threads)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_TAKES_AT_MOST_S, check=True,
        )  # fmt: skip
        return _parse_measurement(done.stdout.splitlines()[-1], runtimes)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return {}


def _load_measurement(path: Path, runtimes: Sequence[str]) -> dict[str, float] | None:
    try:
        raw = path.read_bytes()
        return {} if json.loads(raw) == {} else _parse_measurement(raw, runtimes)
    except (OSError, ValueError, RecursionError, TypeError):
        return None


def _parse_measurement(raw: bytes, runtimes: Sequence[str]) -> dict[str, float]:
    found = json.loads(raw)
    if not isinstance(found, dict) or set(found) != set(runtimes):
        raise ValueError("these are not the runtimes that were asked for")
    return {str(r): float(ms) for r, ms in found.items()}


def _key(trials: Sequence[Trial], runtimes: Sequence[str], threads: int | None) -> str:
    matters = [
        _MEASURED_AS,
        [(t.sha256, sorted(t.shapes.items()), t.per_second, t.exact) for t in trials],
        [(r, importlib.metadata.version(r)) for r in runtimes],
        processor(),
        threads or usable_cores(),
        sys.platform,
    ]
    return hashlib.sha256(json.dumps(matters).encode()).hexdigest()[:32]
