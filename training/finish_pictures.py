"""Teaches the last stage: drawings laid crisp into their boxes, and pixels at full size.

    python -m training.finish_pictures runs --minutes 30

What stands in a source's box is known, so its drawing is laid there as it is and lit as the world
would light it; that light is learnt against the true picture. The land around is another one than
the truth's: there two critics (PatchGAN, Isola et al. 2017, hinge loss) say whether it looks like
the world, while its colours stay what the generator made them. The adversarial share makes both
losses pull equally on the last layer, times `ADVERSARIAL` (VQGAN, Esser et al. 2021, eq. 7).
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
    parser.add_argument("runs", type=Path, help="folder with the finished student and decoder")
    parser.add_argument("--minutes", type=duration, default=30, help="time (default %(default)s)")
    a = parser.parse_args()
    from training.painting.finish_training import train

    train(a.runs, a.minutes)


if __name__ == "__main__":
    main()
