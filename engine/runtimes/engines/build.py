"""Builds engines in a process of its own, while the show goes on.

    echo '{"runtime": ..., "trials": ..., ...}' | python -m engine.runtimes.engines.build

What is asked for is one JSON object (`Job`) on standard input. Standard output is one JSON object
a line: {"doing": what, "share": of all that is to be done, in [0, 1]} while it goes on, then
{"runtime": the one that is ready} or {"failed": why, in one line}.

A runtime that crashes while it builds takes nothing with it but this process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from engine.runtimes.choose import pick_runtime
from engine.runtimes.engines.provide import build_engine
from engine.runtimes.measure import Trial
from engine.runtimes.model import ModelError, first_line
from engine.runtimes.spec import EngineSpec, spec_as_json, spec_from_json

_NICE = 5
"""The show comes first; what is measured is measured in turns, so that it takes no side."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be built."""

    runtime: str
    """A runtime's name, or "auto": then the runtimes of the processor are measured first."""
    engines: Mapping[str, tuple[EngineSpec, ...]]
    """Runtime to the engines that it needs; () for one that compiles nothing."""
    folder: Path
    """Where they are kept."""
    trials: tuple[Trial, ...] = ()
    """What "auto" is measured by."""
    threads: int | None = None


def job_as_json(job: Job) -> str:
    """One line for standard input."""
    return json.dumps(
        {
            "runtime": job.runtime,
            "engines": {r: [spec_as_json(s) for s in specs] for r, specs in job.engines.items()},
            "folder": os.fspath(job.folder),
            "trials": [asdict(trial) for trial in job.trials],
            "threads": job.threads,
        }
    )


def job_from_json(text: str) -> Job:
    """What `job_as_json` gave."""
    data: dict[str, Any] = json.loads(text)
    return Job(
        data["runtime"],
        {r: tuple(spec_from_json(s) for s in specs) for r, specs in data["engines"].items()},
        Path(data["folder"]),
        tuple(Trial(**trial) for trial in data["trials"]),
        data["threads"],
    )


def run_job(job: Job) -> str:
    """Build and try everything: the runtime that is ready. Raises ModelError, OSError."""
    runtime = job.runtime
    if runtime == "auto":
        _print_json({"doing": "measuring which runtime is fastest here", "share": 0.0})
        runtime = pick_runtime(job.trials, job.threads).runtime
    specs = job.engines.get(runtime, ())
    for i, spec in enumerate(specs):

        def progress(doing: str, share: float, i: int = i, spec: EngineSpec = spec) -> None:
            what = f"{doing}: {spec.name}, {i + 1} of {len(specs)}"
            _print_json({"doing": what, "share": round((i + share) / len(specs), 3)})

        build_engine(spec, job.folder, progress)
    return runtime


def main() -> int:
    """The command. Returns the exit code."""
    signal.signal(signal.SIGTERM, _raise_interrupt)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    job = job_from_json(sys.stdin.read())
    try:
        _print_json({"runtime": run_job(job)})
    except (ModelError, ImportError) as error:
        _print_json({"failed": first_line(error)})
        return 1
    except OSError as error:
        _print_json({"failed": f"{job.folder} cannot be written ({error.strerror})"})
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _raise_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt  # So that what is half written is removed.


def _print_json(what: Mapping[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
