"""Takes the encoder of a bundle back, so that it can go on learning: with your own recordings, say.

    python -m training.sound_pool --sounds DIR -o runs/pool
    python -m training.shipped_ear picturebook --pool runs/pool -o runs/shipped.pt
    python -m training.separated_levels --pool runs/pool --separator picturebook -o runs/separated
    python -m training.train_encoder --pool runs/pool --start runs/shipped.pt --freeze-text
        --separated runs/separated --rate 1e-3 --everything -o runs/ear/encoder.pt

A bundle holds graphs, not checkpoints: its exporter has folded every norm into the convolution
before it, and the text tower stayed behind. The norms are unfolded with the statistics of a pool's
sounds, which changes nothing of what the encoder computes; a new text tower learns to say what the
bundle's vocabulary says. With --freeze-text the joint space stays in place, and the encoder fits
the bundle's generators still.
"""

from __future__ import annotations

from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: writes a checkpoint of training.train_encoder."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle", help="name or folder of a bundle")
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/shipped.pt"))
    args = parser.parse_args(argv)
    from engine.bundle.load import load_bundle
    from training.hearing.pool import load
    from training.loop.checkpoints import save_start
    from training.shipped.encoder import held_out_facts, recover_towers

    bundle = load_bundle(args.bundle)
    facts = {"stage": f"the encoder of {bundle.manifest.name}"} | held_out_facts(bundle)
    save_start(args.out, recover_towers(bundle, load(args.pool)), facts)
    say(f"{args.out}: go on with python -m training.train_encoder --start {args.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
