"""What the encoder meets live: slots of the trained separator, with the shares of what they hold.

    python -m training.separated_levels --pool runs/pool --separator runs/separator.pt -o
    runs/separated

Mixtures of one to three pooled sounds, everyday ones most often, go through the separator; each
slot that sounds and can be explained by them is kept as mel levels. Where the separator left two
sounds in one slot, a bell under a train's whistle, both are named, by their shares.
`training.train_encoder --separated` learns from them.
"""

from __future__ import annotations

from pathlib import Path

from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: separates mixtures of the pool's clips."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument(
        "--separator", default="runs/separator.pt",
        help="checkpoint of training.train_separator, or a bundle's name or folder",
    )  # fmt: skip
    parser.add_argument("--mixes", type=count, default=2400)
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/separated"))
    args = parser.parse_args(argv)
    from engine.bundle.load import available_bundles, load_bundle
    from training.hearing.pool import load
    from training.hearing.separated_slots import build_separated
    from training.hearing.separator_training import load_separator
    from training.shipped.separator import separator_of

    pool, path = load(args.pool), Path(args.separator)
    of_bundle = path.is_dir() or args.separator in available_bundles()
    separator = separator_of(load_bundle(args.separator)) if of_bundle else load_separator(path)
    build_separated(pool, separator, args.mixes, args.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
