"""Trains the audio encoder and the text tower together, contrastively.

    python -m training.sound_pool --sounds DIR -o runs/pool
    python -m training.train_encoder --pool runs/pool -o runs/encoder-split.pt --minutes 15
    python -m training.train_encoder --pool runs/pool -o runs/encoder.pt --minutes 6
        --start runs/encoder-split.pt --everything

The first run keeps the held-out recordings away and says how well they are heard; the second goes
on from it with every recording, for shipping. Interrupted runs resume. `--smoke` runs the whole of
it in seconds on synthesised clips.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from engine.system.terminal import say_json
from training.loop.arguments import CommandParser, count, duration
from training.loop.plain_errors import plain_errors
from training.loop.rates import ENCODER


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints the last measure as JSON."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/encoder.pt"))
    parser.add_argument("--start", type=Path, help="checkpoint to go on from")
    parser.add_argument(
        "--minutes", type=duration, default=15.0, help="of training, all runs together"
    )
    parser.add_argument("--steps", type=count, help="count these instead of minutes")
    parser.add_argument("--batch", type=count, default=64)
    parser.add_argument("--rate", type=float, default=ENCODER, help="highest learning rate")
    parser.add_argument("--everything", action="store_true", help="held-out recordings too")
    parser.add_argument("--freeze-text", action="store_true", help="keep the joint space in place")
    parser.add_argument("--separated", type=Path, help="folder of training.separated_levels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--smoke", action="store_true", help="seconds, on synthesised clips")
    args = parser.parse_args(argv)
    from training.hearing.encoder_training import smoke, train
    from training.hearing.pool import load
    from training.hearing.separated_slots import load_separated

    if args.smoke:
        heard = smoke()
    else:
        heard = train(
            load(args.pool), args.out, minutes=args.minutes, steps=args.steps, start=args.start,
            batch=args.batch, rate=args.rate, everything=args.everything, seed=args.seed,
            freeze_text=args.freeze_text,
            separated=load_separated(args.separated) if args.separated else None,
        )  # fmt: skip
    say_json(json.dumps(asdict(heard) if heard else None))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
