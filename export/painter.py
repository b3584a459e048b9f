"""Puts the generators of a runs folder into a bundle.

    cp -r engine/bundles/picturebook bundles/mine
    python -m export.painter bundles/mine --runs runs

What the bundle hears with stays. Every graph is compared with torch before the bundle is written.
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
        prog="python -m export.painter", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("bundle", type=Path, help="folder of the bundle to write again")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), help="of the trainers (default %(default)s)"
    )
    a = parser.parse_args(argv)
    from engine.bundle.load import load_bundle
    from export.bundle.picturebook import painter_part, replace_painters

    bundle = load_bundle(replace_painters(a.bundle, painter_part(a.runs)))
    say(f"{bundle.folder}: {bundle.megabytes:.1f} MB, verified")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
