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
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from engine.bundle.load import BundleError, load_bundle
from engine.bundle.manifest import MANIFEST_NAME, SCHEMA
from engine.bundle.seal import UNSEALED, seal
from engine.system.plain_file import read_plain
from engine.system.terminal import complain, say
from export.bundle.try_models import try_models
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors

FACTS_NAME = "facts.json"


def write_bundle(
    source: Path,
    target: Path,
    facts: dict[str, Any] | None = None,
    runtime: str = "onnxruntime",
) -> Path:
    """Write the bundle of a folder of exported files; returns target.

    facts: stands for source/facts.json. runtime: that tries the finished bundle. An older bundle at
    target is replaced. Raises BundleError when anything does not fit, and then leaves the target as
    it was.
    """
    from export.graph.describe_file import describe_file
    from export.graph.strip_model import strip_model

    facts = _read_facts(source) if facts is None else facts
    for taken in ("schema", "seal", "files"):
        if taken in facts:
            raise BundleError(f'{FACTS_NAME} must not have "{taken}": this program writes it')
    files = sorted(p for p in source.iterdir() if p.is_file() and p.name != FACTS_NAME)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bundle-") as workplace:
        fresh = Path(workplace) / "new"
        fresh.mkdir()
        for path in files:
            if path.suffix == ".onnx":
                strip_model(path, fresh / path.name)
            elif path.name != MANIFEST_NAME:
                shutil.copyfile(path, fresh / path.name)
        manifest = {
            "schema": SCHEMA,
            "seal": UNSEALED,
            **facts,
            "files": {p.name: describe_file(p) for p in sorted(fresh.iterdir())},
        }
        (fresh / MANIFEST_NAME).write_bytes(seal(_as_json(manifest)))
        try_models(load_bundle(fresh), runtime)
        if target.exists():
            target.rename(Path(workplace) / "old")
        fresh.rename(target)
    return target


def reseal(folder: Path) -> None:
    """Seal a manifest that was edited by hand, if it holds. Raises BundleError if it does not."""
    path = folder / MANIFEST_NAME
    before = path.read_bytes()
    try:
        path.write_bytes(seal(before))
        try_models(load_bundle(folder))
    except (ValueError, OSError) as error:
        path.write_bytes(before)
        raise BundleError(f"not sealed: {error}") from error


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
            facts = _facts_in(given.facts) if given.facts else None
            bundle = load_bundle(write_bundle(given.source, given.output, facts))
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    total = sum(f.bytes for f in bundle.manifest.files.values())
    say(f"{bundle.folder}: {len(bundle.manifest.files)} files, {total / 1e6:.1f} MB, verified")
    return 0


def _read_facts(source: Path) -> dict[str, Any]:
    return _facts_in(source / FACTS_NAME)


def _facts_in(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(read_plain(path, 16 << 20))
    except OSError as error:
        raise BundleError(f"{path} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is no JSON ({error})") from error
    if not isinstance(facts, dict):
        raise BundleError(f"{path} must hold a JSON object")
    return facts


def _as_json(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _refuse(message: str) -> int:
    complain("error", message)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
