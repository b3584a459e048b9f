"""Trains the separator: known parts first, then mixtures of mixtures beside them.

    python -m training.taught_pool --sounds DIR -o runs/pool
    python -m training.train_separator --pool runs/pool --fold 0 -o runs/separator-0.pt
    python -m training.train_separator --pool runs/pool -o runs/separator.pt

The first share of the time is supervised and permutation-invariant; later every fourth step is
MixIT with sparsity, which knows of each half only its sum. With --fold the recordings that the fold
keeps away measure how well strange sounds are told apart; without it every recording is learnt
from. Interrupted runs resume.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from engine.system.terminal import say_json
from training.loop.arguments import CommandParser, count, duration, whole
from training.loop.plain_errors import plain_errors
from training.loop.rates import SEPARATOR


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints the last measure as JSON."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument("--fold", type=whole, help="0, 1 or 2: keep its collections away")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/separator.pt"))
    parser.add_argument(
        "--minutes", type=duration, default=25.0, help="of training, all runs together"
    )
    parser.add_argument("--steps", type=count, help="count these instead of minutes")
    parser.add_argument("--start", type=Path, help="checkpoint to go on from")
    parser.add_argument("--batch", type=count, default=8)
    parser.add_argument("--rate", type=float, default=SEPARATOR, help="highest learning rate")
    parser.add_argument(
        "--supervised", type=float, default=0.8, help="share of the time before MixIT begins"
    )
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    from training.hearing.pool import load
    from training.hearing.separator_training import train
    from training.sound.recordings import FOLDS

    if args.fold is not None and args.fold >= len(FOLDS):
        parser.error(f"there is no fold {args.fold}: choose 0 to {len(FOLDS) - 1}")
    found = train(
        load(args.pool), args.out, fold=args.fold, minutes=args.minutes, steps=args.steps,
        start=args.start, batch=args.batch, rate=args.rate, supervised=args.supervised,
        seed=args.seed,
    )  # fmt: skip
    say_json(json.dumps(asdict(found) if found else None))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
