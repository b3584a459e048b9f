"""A folder of exported models becomes a bundle: described, sealed, tried, and there whole or not.

Shapes, types and precision are read off the ONNX files; the rest of the manifest are the facts.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from engine.bundle.load import BundleError, load_bundle
from engine.bundle.manifest import MANIFEST_NAME, SCHEMA
from engine.bundle.seal import UNSEALED, seal
from engine.system.plain_file import read_plain
from export.bundle.try_models import try_models

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

    facts = read_facts(source / FACTS_NAME) if facts is None else facts
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


def read_facts(path: Path) -> dict[str, Any]:
    """The facts in a file of JSON. Raises BundleError."""
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
