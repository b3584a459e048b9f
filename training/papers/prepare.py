"""Makes a data set on your disk into shards that every system here trains on.

    python -m training.papers.prepare vggsound --root DIR -o shards/vggsound

Layouts: manifest (manifest.csv of your own), vggsound, llp, audioset, fsd50k, landscape,
greatest_hits, macs; auto looks what lies in the folder. Clips that are missing, broken or listed
twice are left out and told in report.json. Stopped with Ctrl-C it goes on where it was; run twice
it gives the same bytes. docs/papers.md shows each layout.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.system.cores import usable_processors
from engine.system.terminal import say
from training.loop.arguments import CommandParser, count, whole
from training.loop.plain_errors import plain_errors

LAYOUTS = (
    *("auto", "manifest", "vggsound", "llp", "audioset", "fsd50k", "landscape"),
    *("greatest_hits", "macs"),
)


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("layout", choices=LAYOUTS, metavar="LAYOUT", help="see above")
    parser.add_argument("--root", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--list", type=Path, nargs="+", default=[], metavar="FILE", dest="lists",
        help="the data set's lists, where they are not under the root",
    )  # fmt: skip
    parser.add_argument(
        "--split", action="append", metavar="NAME", default=[], dest="splits",
        help="only this one; may be given again for another",
    )  # fmt: skip
    parser.add_argument(
        "--rate", type=count, default=16_000, metavar="HZ", help="of sound (default %(default)s)"
    )
    parser.add_argument(
        "--frames", type=whole, default=10, metavar="N", help="of each video (default %(default)s)"
    )
    parser.add_argument(
        "--side", type=count, default=256, metavar="PIXELS",
        help="shorter side of a picture at most (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--per-shard", type=count, default=64, metavar="N", help="clips (default %(default)s)"
    )
    parser.add_argument(
        "--jobs", type=count, default=usable_processors(), metavar="N",
        help="processes (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    args = parser.parse_args(argv)
    from training.papers.datasets.decode import Taking
    from training.papers.datasets.make import make_dataset

    taking = Taking(args.rate, args.frames, args.side)
    told = make_dataset(
        args.layout, args.root, args.lists, args.out, taking, args.splits, args.per_shard, args.jobs
    )
    say(told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
