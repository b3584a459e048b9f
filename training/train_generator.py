"""Trains the teacher: flow matching on latents (Lipman et al. 2023).

Times are logit-normal, moved towards noise, and a fifth of them is pure noise: what is asked for
settles most of a picture, and a few-step painter lives off the first step.

    python -m training.train_generator runs --minutes 45

The condition is dropped from one picture in ten, for classifier-free guidance; the atmosphere
stays.
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
    parser.add_argument("runs", type=Path, help="folder with the finished autoencoder")
    parser.add_argument("--minutes", type=duration, default=45, help="time (default %(default)s)")
    a = parser.parse_args()
    from training.painting.generator_training import train

    train(a.runs, a.minutes)


if __name__ == "__main__":
    main()
