"""Gathers the trained models into the bundle that ships.

    python -m export.picturebook runs --hearing runs/hearing -o engine/bundles/picturebook
    python -m export.picturebook --figures evaluation.json -o engine/bundles/picturebook

RUNS holds the finished picture side (autoencoder, decoder, student), HEARING the exported sound
side (`python -m export.sound`); `soundglass export` makes both from checkpoints. Every graph is
compared with torch before the bundle is written. The second form writes what `training.evaluate`
measured into a bundle that is there; `python -m export.ears` puts other ears into one.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import InputError, plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "runs", type=Path, nargs="?", help="folder with the finished picture side"
    )
    parser.add_argument("--hearing", type=Path, help="folder with the exported sound side")
    parser.add_argument("--figures", type=Path, help="what training.evaluate wrote")
    parser.add_argument("-o", "--output", type=Path, required=True, help="bundle to write")
    a = parser.parse_args(argv)
    from engine.bundle.load import load_bundle
    from export.bundle.picturebook import add_figures, build

    if a.runs is None and a.figures is None:
        parser.error("name the folder of the runs, or --figures")
    if a.runs is not None:
        build(a.runs, a.hearing or a.runs / "hearing", a.output)
    if a.figures is not None:
        try:
            figures = json.loads(a.figures.read_text())
        except ValueError as error:
            raise InputError(f"{a.figures} is nothing that training.evaluate wrote") from error
        add_figures(a.output, figures)
    bundle = load_bundle(a.output)
    labels = len(bundle.manifest.labels)
    say(f"{bundle.folder}: {bundle.megabytes:.1f} MB, labels {labels}, verified")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
