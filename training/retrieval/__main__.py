"""Pairs a folder of pictures with a folder of sounds that fit what they show.

    python -m training.retrieval --images DIR --sounds DIR -o pairs.csv

What a picture shows is told by `captions.csv` beside the pictures (columns file,text), else by its
file name: "dog and church-bells_03.jpg" shows a dog and church bells. Each of the things named
retrieves a piece of sound through the joint sound-text space; every piece gets a loudness drawn
from a range. pairs.csv holds one line per picture and thing: image, text, sound, start_s,
lufs, score. `--mixes DIR` writes what each picture then sounds like.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import plain_errors
from training.retrieval.setting import OWN, PRESETS


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=Path, required=True, metavar="DIR")
    parser.add_argument("--sounds", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--encoder", type=Path, default=Path("runs/encoder.pt"), metavar="FILE",
        help="checkpoint of training.train_presence --new-words (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--preset", choices=PRESETS, default="own",
        help="pieces of 4 s, widely differing in loudness; or as in Seeing Sound, of 5 s, all "
        "about as loud (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--best", type=count, default=OWN.best, metavar="N",
        help="a sound fits that scores like the mean of the N best (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mixes", type=Path, metavar="DIR", help="write the mixed sounds too")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    args = parser.parse_args(argv)
    from training.hearing.encoder_training import load_encoder, load_texts
    from training.retrieval.pairs import captions, pair, pieces, write_mixes, write_pairs

    setting = replace(PRESETS[args.preset], best=args.best)
    shown, found = captions(args.images), pieces(args.sounds, setting)
    encoder, tower = load_encoder(args.encoder), load_texts(args.encoder)
    pairs = pair(shown, found, encoder, tower, args.seed, setting)
    write_pairs(args.out, [line for line, _ in pairs])
    if args.mixes:
        write_mixes(args.mixes, pairs)
    say(f"{len(pairs)} sounds for {len(shown)} pictures: {args.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
