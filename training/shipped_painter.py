"""Takes the painter of a bundle back, so that its last stage can go on learning.

    python -m training.shipped_painter picturebook runs
    python -m training.finish_pictures runs --minutes 60

The autoencoder's encoder is in no bundle: `training.invert_decoder` finds another one.
"""

from __future__ import annotations

from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: writes the checkpoints that training.finish_pictures begins with."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bundle", help="name or folder of a bundle")
    parser.add_argument("runs", type=Path, help="folder that gets its checkpoints")
    args = parser.parse_args(argv)
    from engine.bundle.load import load_bundle
    from training.loop.checkpoints import save_start
    from training.painting.finish_training import SHIPPED
    from training.shipped.painter import painter_of

    bundle = load_bundle(args.bundle)
    *models, lands = painter_of(bundle)
    names = "student", "autoencoder.final", SHIPPED.stem
    for name, model in zip(names, models, strict=True):
        save_start(args.runs / f"{name}.pt", model, {"stage": f"{name} of {bundle.manifest.name}"})
    if lands is not None:
        save_start(args.runs / "lands.pt", lands, {})
    say(f"{args.runs}: go on with python -m training.finish_pictures {args.runs}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
