"""Trains the encoder: which sounds are there, several at once, taught by a public tagger.

    python -m training.taught_pool --sounds DIR --teacher DIR -o runs/pool
    python -m training.train_presence --pool runs/pool --fold 0 -o runs/presence-0.pt
    python -m training.train_presence --pool runs/pool -o runs/presence.pt

With --fold the recordings that the fold keeps away measure how well strange sounds are heard;
without it every recording is learnt from. Interrupted runs resume.
"""

from __future__ import annotations

import json
from pathlib import Path

from engine.system.terminal import say_json
from training.loop.arguments import CommandParser, count, duration, whole
from training.loop.plain_errors import plain_errors
from training.loop.rates import ENCODER


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints what was measured last as JSON."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument(
        "--start", default="picturebook", metavar="BUNDLE",
        help="whose words its space has, and whose encoder it begins to hear like",
    )
    parser.add_argument(
        "--new-words", action="store_true",
        help="begin from nothing, in a space of its own: for a bundle with generators of its own",
    )
    parser.add_argument("--fold", type=whole, help="0, 1 or 2: keep its collections away")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/presence.pt"))
    parser.add_argument(
        "--minutes", type=duration, default=240.0, help="of training, all runs together"
    )
    parser.add_argument("--steps", type=count, help="count these instead of minutes")
    parser.add_argument("--batch", type=count, default=64)
    parser.add_argument("--rate", type=float, default=ENCODER, help="highest learning rate")
    parser.add_argument("--seed", type=whole, default=0)
    parser.add_argument("--every", type=count, default=1000, help="steps between two looks")
    a = parser.parse_args(argv)
    import numpy as np
    import torch

    from engine.bundle.load import load_bundle
    from training.hearing.encoder_training import train
    from training.hearing.pool import load
    from training.shipped.encoder import CLIPS, encoder_of
    from training.sound.recordings import FOLDS

    if a.fold is not None and a.fold >= len(FOLDS):
        parser.error(f"there is no fold {a.fold}: choose 0 to {len(FOLDS) - 1}")
    pool = load(a.pool)
    bundle = None if a.new_words else load_bundle(a.start)

    def start() -> dict[str, torch.Tensor]:
        if bundle is None:
            return {}
        some = np.sort(np.random.default_rng(a.seed).permutation(len(pool.levels))[:CLIPS])
        levels = torch.from_numpy(np.asarray(pool.levels[some], dtype=np.float32))
        weights = encoder_of(bundle, levels).state_dict()
        return {f"encoder.{name}": weight for name, weight in weights.items()}

    words = torch.from_numpy(np.array(bundle.vocabulary)) if bundle else None
    facts = train(
        pool, a.out, words, fold=a.fold, minutes=a.minutes, steps=a.steps, batch=a.batch,
        rate=a.rate, seed=a.seed, every=a.every, start=start,
    )  # fmt: skip
    say_json(json.dumps(facts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
