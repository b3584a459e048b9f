"""Puts a bundle's generators into eight bits: faster on processors, and smaller.

    cp -r engine/bundles/picturebook bundles/mine
    python -m export.eight_bits bundles/mine

Every graph is compared with the one that it comes from, at every bound that the bundle states,
before the bundle is written; what it is off by is in its bundle.json. Conditions as a show has them
give the ranges.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = CommandParser(
        prog="python -m export.eight_bits", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("bundle", type=Path, help="folder of the bundle to write again")
    a = parser.parse_args(argv)
    from engine.bundle.load import load_bundle
    from export.bundle.eight_bit import in_eight_bits

    bundle = load_bundle(in_eight_bits(a.bundle))
    stated = bundle.manifest.measured["export"]
    off = max(told["relative_error"].get("picture", 0.0) for told in stated.values())
    say(f"{bundle.folder}: {bundle.megabytes:.1f} MB, verified; pictures at most {off:.1%} off")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
