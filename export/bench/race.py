"""Contenders side by side: each frame is painted by all of them, one after the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from engine.bundle.fields import BundleError
from export.bench.configurations import Architecture, Work

WARM_UP = 2
CACHE = "cache"
"""Folder beside the graphs in which engines keep what they build, not the user's own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One contender with its work, ready to race."""

    name: str
    work: Work
    device: str
    path: Path
    """Of the exported graph."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender did."""

    name: str
    work: str
    ms: tuple[float, ...]
    """Of each frame, by the clock."""
    cpu_ms: tuple[float, ...]
    """Of each frame, summed over the cores: what other programs on the machine add least to."""
    peak_mb: float
    difference: float | None
    """From the first contender of the same work: root mean square of the levels' difference over
    the root mean square of the first's spread about its mean. None where it was the first."""
    failed: str

    def at(self, percent: float) -> float:
        """A percentile of the frames' time, in ms."""
        return float(np.percentile(self.ms, percent)) if self.ms else float("nan")


class Process:
    """A contender's process. A context: leaving it ends the process."""

    def __init__(self, entry: Entry, size: Architecture) -> None:
        asked = {
            "name": entry.name, "work": asdict(entry.work), "size": asdict(size),
            "device": entry.device, "path": str(entry.path),
        }  # fmt: skip
        home = os.fspath(Path(__file__).parents[2])
        paths = os.pathsep.join(p for p in (home, os.environ.get("PYTHONPATH", "")) if p)
        self._child = subprocess.Popen(
            [sys.executable, "-m", "export.bench.process", json.dumps(asked)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=os.environ
            | {"PYTHONPATH": paths, "XDG_CACHE_HOME": os.fspath(entry.path.parent / CACHE)},
        )  # fmt: skip

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._child.kill()
        self._child.communicate()

    def read_answer(self) -> dict[str, Any]:
        """The next answer. Raises BundleError with what went wrong in the process."""
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise BundleError(f"the process ended with code {self._child.wait()}")
        told = json.loads(line)
        if "error" in told:
            raise BundleError(told["error"])
        return told

    def ask(self, order: str) -> dict[str, Any]:
        """The answer to an order."""
        assert self._child.stdin is not None
        self._child.stdin.write(order + "\n")
        self._child.stdin.flush()
        return self.read_answer()


def race(
    entries: Sequence[Entry], size: Architecture, frames: int, folder: Path, tell: Any
) -> list[Result]:
    """Let all entries paint the same frames, taking turns; a contender that fails drops out.

    tell: is called with what was just done. Raises KeyboardInterrupt with every process ended.
    """
    runners: dict[int, Process] = {}
    times: dict[int, list[dict[str, float]]] = {index: [] for index in range(len(entries))}
    failed: dict[int, str] = {}
    peaks: dict[int, float] = {}
    try:
        for index, entry in enumerate(entries):  # one at a time: starting takes the most memory
            runners[index] = Process(entry, size)
            _try(failed, index, lambda i=index: runners[i].read_answer())
            for seed in range(WARM_UP):
                _try(failed, index, lambda i=index, s=seed: runners[i].ask(f"paint {s}"))
            shown = folder / f"{index}.npy"
            _try(failed, index, lambda i=index, s=shown: runners[i].ask(f"show 7 {s}"))
            tell(f"{entry.name} warm")
        for frame in range(frames):
            for index, entry in enumerate(entries):
                _try(
                    failed, index,
                    lambda i=index, f=frame: times[i].append(runners[i].ask(f"paint {100 + f}")),
                )  # fmt: skip
                tell(entry.name)
        for index in runners:
            _try(failed, index,
                 lambda i=index: peaks.update({i: runners[i].ask("end")["peak_mb"]}))  # fmt: skip
    finally:
        for runner in runners.values():
            runner.__exit__(None, None, None)
    return [
        Result(
            entry.name, entry.work.name,
            tuple(t["ms"] for t in times[index]), tuple(t["cpu_ms"] for t in times[index]),
            peaks.get(index, float("nan")),
            None if index == 0 else _difference(entries, index, folder),
            failed.get(index, ""),
        )
        for index, entry in enumerate(entries)
    ]  # fmt: skip


def _try(failed: dict[int, str], index: int, do: Any) -> None:
    if index in failed:
        return
    try:
        do()
    except (BundleError, OSError, ValueError) as error:
        failed[index] = str(error)


def _difference(entries: Sequence[Entry], index: int, folder: Path) -> float | None:
    """See Result.difference."""
    first = next(i for i, entry in enumerate(entries) if entry.work == entries[index].work)
    files = [folder / f"{i}.npy" for i in (first, index)]
    if first == index or not all(file.is_file() for file in files):
        return None
    right, found = (np.load(file).astype(np.float64) for file in files)
    if right.shape != found.shape:
        return float("inf")
    spread = np.sqrt(np.mean((right - right.mean()) ** 2))
    return float(np.sqrt(np.mean((right - found) ** 2)) / max(spread, 1e-9))
