"""Writes a verified bundle from a folder of exported models.

    python -m export.write_bundle EXPORTED -o engine/bundles/NAME

EXPORTED holds separator.onnx, encoder.onnx, generator-K.onnx for each number of steps K,
vocabulary.npy, places.npy, facts.json and, if there is one, CARD.md and generator.weights.
facts.json holds the fields of bundle.json that cannot be read off the files: everything but
schema, seal and files. Shapes, types and precision are read off the ONNX files, which are freed of
what their exporter wrote down about the machine it ran on; hashes are computed, and the finished
folder is opened and each model run once before it takes its place: a bundle is there whole or not
at all.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.bundle.load import load_bundle
from engine.system.terminal import print_error, say
from export.bundle.write import read_facts, reseal, write_bundle
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(arguments: list[str] | None = None) -> int:
    """The command. Returns the exit code."""
    parser = CommandParser(
        prog="python -m export.write_bundle",
        description=(__doc__ or "").split("\n\n", 1)[0],
        epilog=(__doc__ or "").split("\n\n", 2)[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, metavar="EXPORTED", help="folder with exported files")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="bundle to write")
    parser.add_argument(
        "--facts", type=Path, metavar="FILE", help="JSON in place of EXPORTED/facts.json"
    )
    parser.add_argument(
        "--reseal", action="store_true", help="seal EXPORTED/bundle.json after editing it"
    )
    given = parser.parse_args(arguments)
    if not given.source.is_dir():
        return _refuse(f"{given.source} is no folder")
    if given.reseal == (given.output is not None):
        return _refuse("give either -o DIR or --reseal")
    try:
        if given.reseal:
            reseal(given.source)
            bundle = load_bundle(given.source)
        else:
            facts = read_facts(given.facts) if given.facts else None
            bundle = load_bundle(write_bundle(given.source, given.output, facts))
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    files = len(bundle.manifest.files)
    say(f"{bundle.folder}: {files} files, {bundle.megabytes:.1f} MB, verified")
    return 0


def _refuse(message: str) -> int:
    print_error("error", message)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
