"""Distils the teacher into a generator of one or two steps.

    python -m training.distil runs --minutes 20

The student starts from the teacher. For half the way it learns the mean of the teacher's guided
velocities over shorter steps (progressive distillation, Salimans & Ho 2022); for the whole way, the
mean of its moving average's two halves (the interval-splitting identity, SplitMeanFlow, Guo et al.
2025):

    (t - r) u(z_t, r, t) = (t - s) u(z_t, s, t) + (s - r) u(z_s, r, s)

What is asked for settles most of a picture, so its paths are nearly straight and few of the
teacher's steps are enough. Neither part needs Jacobian-vector products.
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
    parser.add_argument("runs", type=Path, help="folder with the finished teacher")
    parser.add_argument("--minutes", type=duration, default=20, help="time (default %(default)s)")
    a = parser.parse_args()
    from training.painting.distillation import train

    train(a.runs, a.minutes)


if __name__ == "__main__":
    main()
