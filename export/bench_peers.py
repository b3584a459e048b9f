"""Measures our engines against a plain diffusers loop and a compiled one, on the same weights.

    python -m export.bench_peers                     # SD-Turbo's architecture and the bundled one
    python -m export.bench_peers --work turbo-512x512-b1 --frames 5 -o peers.json

Weights are random (see `export.bench.turbo`), so nothing is downloaded. All contenders of a piece
of work take turns at every frame, each in a process of its own; the pictures of one frame are
compared, so that equal work is proved. Ratios are of median times in the same run; "cpu" is their
ratio in processor time, which a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from engine.runtimes.open import installed_runtimes
from engine.system.terminal import say
from export.bench.configurations import (
    ARCHITECTURES,
    COMPILED,
    EIGHT_BITS,
    PLAIN,
    WORKS,
)
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(arguments: list[str] | None = None) -> int:
    """The command. Returns the exit code."""
    known = {work.name: work for work in WORKS}
    ours = installed_runtimes()
    contenders = (PLAIN, COMPILED, *ours, *([EIGHT_BITS] if "openvino" in ours else []))
    parser = CommandParser(
        prog="python -m export.bench_peers", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--frames", type=int, default=50, help="frames measured (default 50)")
    parser.add_argument(
        "--work", nargs="+", choices=known, default=list(known), help="default: all"
    )
    parser.add_argument(
        "--contenders", nargs="+", choices=contenders, default=list(contenders),
        help="default: all that are installed",
    )  # fmt: skip
    parser.add_argument(
        "--size", choices=ARCHITECTURES, default="full",
        help="of SD-Turbo's architecture; reduced has a fifth of the width (default full)",
    )  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="JSON to write")
    asked = parser.parse_args(arguments)
    import torch

    from engine.runtimes.cache import write_whole
    from export.bench.peers import as_json, bench, table

    if asked.frames < 1:
        parser.error("--frames must be at least 1")
    works = [known[name] for name in asked.work]
    with tempfile.TemporaryDirectory(prefix="soundglass-peers-") as folder:
        size = ARCHITECTURES[asked.size]
        results = bench(works, asked.contenders, size, asked.frames, Path(folder))
    say(table(results))
    if not torch.cuda.is_available():
        say("no GPU here: CUDA and TensorRT were not measured")
    if asked.output:
        told = as_json(results, asked.size, asked.frames)
        write_whole(asked.output, (json.dumps(told, indent=1) + "\n").encode())
    return 1 if any(one.failed for one in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
