"""Puts another encoder, and another separator if there is one, into a bundle."""

from __future__ import annotations

import tempfile
from pathlib import Path

from export.bundle.picturebook import facts_in, rewrite
from export.bundle.read_models import read_encoder, read_separator
from export.bundle.sound import export_encoder, export_separator
from export.bundle.sound_report import sound_report
from training.loop.plain_errors import InputError

PRECISION = "fp16-weights"
STALE = ("hearing_top1_per_label", "r_at_2_held_out", "evaluation")
"""What was measured with other ears."""


def put_ears(
    bundle: Path, encoder: Path, separator: Path | None, sounds: Path | None
) -> Path:
    """Write a bundle again with the models of two checkpoints; returns its folder.

    separator: None leaves the bundle's own. sounds: the recordings that they learned from, whose
    authors the card thanks; None leaves the bundle's. Raises InputError and ParityError.
    """
    checkpoints = {"encoder": encoder} | ({"separator": separator} if separator else {})
    for path in checkpoints.values():
        if not path.is_file():
            raise InputError(f"there is no checkpoint {path}: train it, or correct its name")
    facts = facts_in(bundle)
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as workplace:
        files = {f"{part}.onnx": Path(workplace) / f"{part}.onnx" for part in checkpoints}
        path = files["encoder.onnx"]
        checked = {path.name: export_encoder(read_encoder(encoder), path, PRECISION)}
        if separator is not None:
            path = files["separator.onnx"]
            checked[path.name] = export_separator(read_separator(separator), path, PRECISION)
        for stale in STALE:
            facts["measured"].pop(stale, None)
        report = sound_report(checkpoints, sounds)
        facts["training"] |= report["training"]
        facts["measured"] |= report["measured"]
        facts["measured"]["export"] |= {name: c.as_json() for name, c in checked.items()}
        facts["credits"] = report.get("credits", facts["credits"])
        return rewrite(bundle, facts, files)
