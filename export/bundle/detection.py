"""Puts an encoder that says which labels sound into a bundle, and a separator beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from export.bundle.picturebook import facts_in, rewrite
from export.bundle.read_models import read_separator
from export.bundle.sound import export_separator
from export.bundle.spec import SeparatorPart
from export.graph.check import ExportCheck, check_export
from export.graph.precision import in_precision
from export.graph.to_onnx import to_graph
from training.loop.checkpoints import load_checkpoint
from training.loop.plain_errors import InputError
from training.presence.encoder import PresenceEncoder
from training.presence.encoder_training import load_presence
from training.sound.recordings import credits, read_manifest

MOST_ROWS = 64
FEWEST_SAMPLES, MOST_SAMPLES = 2048, 1 << 20
PRECISION = "fp16-weights"
OBJECTIVES = {
    "encoder": "what a public tagger says of each sound alone, presences of labels in mixtures of "
    "one to three, contrast with the words of the encoder before, from whose weights it began",
    "separator": "permutation-invariant thresholded SNR, from the weights of the one before",
}
TEACHER = (
    "EfficientAT mn04_as (Schmid, Koutini, Widmer 2023; MIT), to whose authors thanks, and the "
    "class names of AudioSet (CC BY 4.0); nothing of its file is in here"
)
ESC50 = (
    "gathered by K. J. Piczak (2015), whose collection as a whole is declared non-commercial: only "
    "clips whose own Freesound licence is CC0 or CC BY were taken, clip by clip, under that licence"
)
MEASURED = {
    "top1": "hearing_top1_held_out",
    "top3": "hearing_top3_held_out",
    "both": "two_sounds_both_strongest_held_out",
    "calibration_error": "calibration_error",
    "two_sources_db": "si_sdr_improvement_two_sources_db",
    "three_sources_db": "si_sdr_improvement_three_sources_db",
    "one_source_db": "si_sdr_one_source_alone_db",
}
"""What the trainers measured on recordings kept away: their name for it, and the bundle's."""
STALE = ("hearing_top1_per_label", "r_at_2_held_out", "evaluation")
"""What was measured with other ears."""


def presence_graph(model: PresenceEncoder) -> onnx.ModelProto:
    """audio (b, n) to embedding (b, d) and presence (b, labels + 1)."""
    model.by_fft = False
    windows = torch.export.Dim("batch", min=1, max=MOST_ROWS)
    samples = torch.export.Dim("samples", min=FEWEST_SAMPLES, max=MOST_SAMPLES)
    return to_graph(
        model,
        {"audio": torch.randn(2, 64000) * 0.1},
        ["embedding", "presence"],
        {"audio": {0: windows, 1: samples}},
    )


def export_presence(model: PresenceEncoder, path: Path, precision: str = "fp32") -> ExportCheck:
    """Writes the encoder and compares it with torch, at the bounds of batch and length."""
    model = model.eval()
    onnx.save(in_precision(presence_graph(model), precision), str(path))
    rng = np.random.default_rng()
    shapes = ((1, FEWEST_SAMPLES), (1, 64_000), (1, 40_123), (8, 16_000))
    trials = []
    for rows, samples in shapes:
        sound = 0.1 * rng.standard_normal((rows, samples), dtype=np.float32)
        sound[:, : samples // 3] = 0
        trials.append({"audio": sound})
    bounds = {"batch": (1, 8), "samples": (FEWEST_SAMPLES, 64_000)}
    return check_export(model, path, precision, trials, bounds)


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
        made = Path(workplace)
        files = {f"{part}.onnx": made / f"{part}.onnx" for part in checkpoints}
        checked = {
            "encoder.onnx": export_presence(
                load_presence(encoder), files["encoder.onnx"], PRECISION
            )
        }
        if separator is not None:
            model = read_separator(SeparatorPart(separator, PRECISION))
            checked["separator.onnx"] = export_separator(
                model, files["separator.onnx"], PRECISION
            )
        for stale in STALE:
            facts["measured"].pop(stale, None)
        for part, path in checkpoints.items():
            saved = load_checkpoint(path)
            assert saved is not None
            facts["training"][part] = {
                "objective": OBJECTIVES[part],
                "steps": saved["step"],
                "minutes": round(saved["spent_s"] / 60, 1),
            }
            facts["measured"] |= {
                MEASURED[name]: round(value, 4)
                for name, value in saved["facts"].items()
                if name in MEASURED and _held_out(saved["facts"])
            }
        facts["measured"]["export"] |= {name: c.as_json() for name, c in checked.items()}
        facts["training"]["encoder"]["teacher"] = TEACHER
        if sounds is not None:
            recordings = read_manifest(sounds)
            facts["credits"] = credits(recordings)
            told: dict[str, Any] = {"files": len(recordings)}
            if any(each.collection == "esc50" for each in recordings):
                told["esc50"] = ESC50
            facts["training"]["recordings"] = told
        return rewrite(bundle, facts, files)


def _held_out(facts: Mapping[str, Any]) -> bool:
    """Whether what was measured was measured on what training had not met."""
    return bool(facts.get("held_out", not facts.get("everything", True)))
