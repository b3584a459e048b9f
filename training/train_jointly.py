"""MACS's last phase: separator and encoder learn together from mixtures.

    python -m training.train_jointly --pool runs/pool --separator runs/separator.pt --encoder
    runs/encoder.pt -o runs/joint.pt --minutes 5

The separated slots go through the encoder, so that each is drawn to the text of the sound it holds
and away from the others' (negatives inside the clip and the batch), and their likeness to the
mixture is drawn to the order of their significance. The weights move from separation (1 - a) to
alignment and ranking (a) as the run goes on. Single sounds keep the encoder's footing; the texts
stay where they are. `measure` says whether it paid: keep what came before if it did not.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from engine.system.terminal import say_json
from training.loop.arguments import CommandParser, count, duration
from training.loop.plain_errors import plain_errors
from training.loop.rates import TOGETHER


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints the measures after the phase as JSON."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument("--separator", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/joint.pt"))
    parser.add_argument("--minutes", type=duration, default=5.0)
    parser.add_argument("--steps", type=count, help="count these instead of minutes")
    parser.add_argument("--rate", type=float, default=TOGETHER)
    parser.add_argument("--everything", action="store_true", help="held-out recordings too")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    from training.hearing.joint_training import split, train
    from training.hearing.pool import load

    found = train(
        load(args.pool), args.separator, args.encoder, args.out, minutes=args.minutes,
        steps=args.steps, rate=args.rate, everything=args.everything, seed=args.seed,
    )  # fmt: skip
    split(args.out, args.out.with_suffix(".separator.pt"), args.out.with_suffix(".encoder.pt"))
    say_json(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
