"""Finds an encoder for a decoder that has none, so that a bundle is enough to teach a generator by.

    python -m training.shipped_painter picturebook runs
    python -m training.invert_decoder runs --minutes 8

Paints the pictures that the generator's trainers learn from, too, where they are not there yet.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser, count, duration
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: writes the autoencoder with its new encoder where it was."""
    from training.painting.pictures import PANELS, SCENES

    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder of training.shipped_painter")
    parser.add_argument("--minutes", type=duration, default=8, help="time (default %(default)s)")
    parser.add_argument("--scenes", type=count, default=SCENES.count, help="(default %(default)s)")
    parser.add_argument("--panels", type=count, default=PANELS.count, help="(default %(default)s)")
    a = parser.parse_args(argv)
    from training.loop.checkpoints import save_checkpoint
    from training.painting.autoencoder_training import load_autoencoder
    from training.painting.pictures import paint_pool, plans
    from training.shipped.inversion import invert

    kept = a.runs / "autoencoder.pt"
    autoencoder = load_autoencoder(kept)
    pools = [paint_pool(a.runs, plan).pictures for plan in plans(a.scenes, a.panels)]
    whole = invert(autoencoder, pools, a.runs / "inverse.pt", a.minutes)
    save_checkpoint(kept.with_suffix(".final.pt"), {"model": whole.state_dict()})
    say(f"{a.runs}: go on with python -m training.train_generator {a.runs}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
