"""One contender in a process of its own, which paints when it is told.

    python -m export.bench.process '{"name": ..., "work": ..., "size": ..., "device": ...}'

A process of its own, so that its peak memory is its own, no runtime's threads meet another's, and
what crashes takes nothing with it. Reads lines from standard input, answers each with one line of
JSON: "paint SEED" paints a frame and tells its times, "show SEED FILE" also writes the pictures,
"end" tells the peak memory. Exporting is done here too, for the same reasons ("name": "export" or
"export-int8").
"""

# diffusers and transformers say less, or other things, of their classes than is so.
# pyright: reportArgumentType=false

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from export.bench.configurations import Architecture, Work
from training.loop.arguments import CommandParser

EXPORT, EXPORT_EIGHT_BITS = "export", "export-int8"


def peak_mb() -> float:
    """Peak resident memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> int:
    """The command. Returns the exit code."""
    parser = CommandParser(prog="python -m export.bench.process", description=__doc__)
    parser.add_argument("asked", type=json.loads, help="what to measure, as JSON: see race")
    asked: dict[str, Any] = parser.parse_args(arguments).asked
    from export.bench.work import contender, export_work, inputs

    # what libraries print must not be taken for an answer
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(**told: Any) -> None:
        answers.write(json.dumps(told) + "\n")

    work, path = Work(**asked["work"]), Path(asked["path"])
    size = Architecture(**{k: tuple(v) if isinstance(v, list) else v
                           for k, v in asked["size"].items()})  # fmt: skip
    try:
        if asked["name"] in (EXPORT, EXPORT_EIGHT_BITS):
            export_work(work, size, path, asked["name"] == EXPORT_EIGHT_BITS)
            answer(ready=True)
            return 0
        paint = contender(asked["name"], work, size, asked["device"], path)
        answer(ready=True)
        for line in sys.stdin:
            order, *rest = line.split(maxsplit=2)
            if order == "end":
                break
            given = inputs(work, size, int(rest[0]))
            began, busy = time.perf_counter(), time.process_time()
            pictures = paint(given)
            told = {"ms": 1e3 * (time.perf_counter() - began),
                    "cpu_ms": 1e3 * (time.process_time() - busy)}  # fmt: skip
            if order == "show":
                np.save(rest[1].strip(), pictures)
            answer(**told)
        answer(peak_mb=peak_mb())
    except Exception as error:
        answer(error=(str(error).strip().splitlines() or [type(error).__name__])[0])
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
