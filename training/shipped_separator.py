"""Takes the separator of a bundle back, so that it can go on learning.

    python -m training.shipped_separator picturebook -o runs/shipped-separator.pt
    python -m training.train_separator --pool runs/pool --start runs/shipped-separator.pt
        --rate 1e-3 --supervised 1 --minutes 60 -o runs/separator.pt

The exporter keeps the names of biases and norms, but not those of matrices and of the taps of
convolutions over time; these come in the graph in the order in which the separator has them.
"""

from __future__ import annotations

from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: writes a checkpoint of training.train_separator."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle", help="name or folder of a bundle")
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/shipped-separator.pt"))
    args = parser.parse_args(argv)
    from engine.bundle.load import load_bundle
    from training.loop.checkpoints import save_start
    from training.shipped.separator import separator_of

    bundle = load_bundle(args.bundle)
    facts = {"stage": f"the separator of {bundle.manifest.name}"}
    save_start(args.out, separator_of(bundle), facts)
    say(f"{args.out}: go on with python -m training.train_separator --start {args.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
