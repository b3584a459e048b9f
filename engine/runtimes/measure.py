"""Measures the installed runtimes against each other, in a process of its own.

    python -m engine.runtimes.measure '{"trials": ..., "runtimes": ..., "threads": ...}'

A process of its own, so that the runtime that is not chosen leaves nothing in memory, and so that
one that crashes on this processor takes nothing with it. Prints one line of JSON: runtime to
milliseconds of model time for a second of show.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.runtimes.open import load_engine
from engine.runtimes.spec import EngineSpec, Span
from engine.runtimes.trial_inputs import trial_inputs

_ROUNDS = 4
"""Enough for one to be undisturbed; the least time counts."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One model to measure runtimes by."""

    path: str
    sha256: str
    """Of the model file."""
    shapes: dict[str, tuple[int, ...]]
    """Input name to the shape to measure with."""
    per_second: float
    """How often a show runs it in a second."""
    exact: bool
    """Whether a show runs it in float32 whatever the chip prefers."""


def measure(
    trials: Sequence[Trial], runtimes: Sequence[str], threads: int | None
) -> dict[str, float]:
    """Runtime to milliseconds of model time for a second of show. Raises ModelError.

    Runtimes take turns, so that whatever else the machine does falls on all of them.
    """
    spent = dict.fromkeys(runtimes, 0.0)
    for trial in trials:
        inputs = trial_inputs(trial.shapes)
        # What is compiled for this is tried here as well, so that a show finds it ready.
        spans = (Span(trial.shapes, trial.shapes, trial.shapes),)
        models = {
            r: load_engine(EngineSpec(Path(trial.path), r, threads, trial.exact, spans))
            for r in runtimes
        }
        for model in models.values():
            model.run(inputs)
        least = dict.fromkeys(runtimes, float("inf"))
        for _ in range(_ROUNDS):
            for runtime, model in models.items():
                began = time.perf_counter()
                model.run(inputs)
                least[runtime] = min(least[runtime], time.perf_counter() - began)
        for runtime, model in models.items():
            spent[runtime] += least[runtime] * 1e3 * trial.per_second
            model.close()
    return spent


def as_json(trials: Sequence[Trial], runtimes: Sequence[str], threads: int | None) -> str:
    """The argument of the command."""
    return json.dumps(
        {"trials": [asdict(t) for t in trials], "runtimes": list(runtimes), "threads": threads}
    )


def main(arguments: list[str]) -> int:
    """The command. Returns the exit code."""
    asked: dict[str, Any] = json.loads(arguments[0])
    trials = [Trial(**t) for t in asked["trials"]]
    print(json.dumps(measure(trials, asked["runtimes"], asked["threads"])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
