"""Builds a bundle that paints as a paper's trained system does.

    python -m export.paper --run runs/macs -o bundles/macs
    soundglass live --bundle bundles/macs

The run is one of training.papers.train, of any of the four systems with any generator. The bundle
hears as another one does, by whose separator, encoder and names; each name stands for what the
system's own ear makes of sounds of that name, and that is what its painter is asked. Every graph is
compared with torch before the bundle takes its place; an export that fails leaves nothing behind.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from export.paper.request import MOST_STEPS, PRECISIONS, PaperRequest
from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import plain_errors


def parser() -> argparse.ArgumentParser:
    """The command line of `soundglass export paper`."""
    made = CommandParser(
        prog="python -m export.paper",
        description=(__doc__ or "").split("\n\n", 1)[0],
        epilog=(__doc__ or "").split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--run", type=Path, required=True, metavar="DIR", help="a finished run")
    made.add_argument(
        "--steps", type=count, nargs="+", default=[], metavar="N",
        help=f"sampler steps, each 1 to {MOST_STEPS} (default: the run's own); fewer paint faster",
    )  # fmt: skip
    made.add_argument(
        "--ears", default="picturebook", metavar="BUNDLE",
        help="by whose separator, encoder and names it hears (default: picturebook)",
    )  # fmt: skip
    made.add_argument(
        "--precision", choices=PRECISIONS, default="fp32", help="bf16: half the size on disk"
    )
    made.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="bundle")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    a = parser().parse_args(argv)
    from export.bundle.by_other_painters import say_built
    from export.paper.build import build

    wanted = PaperRequest(a.run, a.output, tuple(sorted(set(a.steps))), a.ears, a.precision)
    say_built(build(wanted))
    return 0


if __name__ == "__main__":
    with plain_errors("soundglass"):
        raise SystemExit(main())
