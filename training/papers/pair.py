"""Pairs pictures with sounds of what they show, from two data sets (Seeing Sound).

    python -m training.papers.pair --pictures shards/sa1b --sounds shards/fsd50k \\
        --captions captions.jsonl --clap DIR -o shards/pairs

Both data sets are prepared by training.papers.prepare. Every thing that a caption names retrieves a
piece of sound by CLAP; all pieces as good as the mean of the best are drawn alike, made as loud as
drawn, and summed. Captions that speak of logos and signs are left out; report.json tells which.
Stopped with Ctrl-C it goes on where it was.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from engine.system.cores import usable_processors
from engine.system.terminal import say
from training.loop.arguments import CommandParser, count, whole
from training.loop.plain_errors import plain_errors
from training.retrieval.setting import PAPER, PRESETS


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("pictures", "sounds"):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--captions", type=Path, metavar="FILE",
        help="CSV with key,text or JSON lines (default: the data set's captions, or its labels)",
    )  # fmt: skip
    parser.add_argument(
        "--clap", type=Path, required=True, metavar="DIR", help="such as laion/clap-htsat-unfused"
    )
    parser.add_argument(
        "--preset", choices=PRESETS, default="paper",
        help="the paper's pieces and loudness, or this project's own (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--best", type=count, default=PAPER.best, metavar="N",
        help="a sound fits that scores like the mean of the N best (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("--seed", type=whole, default=0)
    parser.add_argument(
        "--per-shard", type=count, default=64, metavar="N", help="pairs (default %(default)s)"
    )
    parser.add_argument(
        "--jobs", type=count, default=usable_processors(), metavar="N",
        help="processes (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    args = parser.parse_args(argv)
    from training.papers.pairing.make import make_pairs

    setting = replace(PRESETS[args.preset], best=args.best)
    say(
        make_pairs(
            args.pictures, args.sounds, args.captions, args.clap, args.out, setting, args.seed,
            args.per_shard, args.jobs,
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
