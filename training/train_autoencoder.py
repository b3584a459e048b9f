"""Trains the autoencoder on painted pictures.

    python -m training.train_autoencoder runs --minutes 20

It sees squares cut out of scenes, and panels. A run that is stopped goes on where it was.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.loop.arguments import CommandParser, duration
from training.loop.plain_errors import plain_errors


@plain_errors()
def main() -> None:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the pools, painted when they are not")
    parser.add_argument("--minutes", type=duration, default=20, help="time (default %(default)s)")
    a = parser.parse_args()
    from training.painting.autoencoder_training import train
    from training.painting.pictures import paint_pool, plans

    pools = [paint_pool(a.runs, plan).pictures for plan in plans()]
    train(pools, a.runs / "autoencoder.pt", a.minutes)


if __name__ == "__main__":
    main()
