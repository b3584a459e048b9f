"""Puts another encoder, and another separator if there is one, into a bundle.

    cp -r engine/bundles/picturebook bundles/mine
    python -m export.ears bundles/mine --encoder runs/presence.pt --separator runs/separator.pt

The bundle's words stay, which its generators know; the encoder must have been taught into them.
Every graph is compared with torch before the bundle is written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors
from training.sound.recordings import sounds_folder


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = CommandParser(
        prog="python -m export.ears", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("bundle", type=Path, help="folder of the bundle to write again")
    parser.add_argument("--encoder", type=Path, required=True, help="of training.train_presence")
    parser.add_argument("--separator", type=Path, help="of training.train_separator")
    parser.add_argument("--sounds", type=Path, help="recordings trained on, to credit")
    a = parser.parse_args(argv)
    from engine.bundle.load import load_bundle
    from export.bundle.ears import put_ears

    bundle = load_bundle(put_ears(a.bundle, a.encoder, a.separator, sounds_folder(a.sounds)))
    say(f"{bundle.folder}: {bundle.megabytes:.1f} MB, verified")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
