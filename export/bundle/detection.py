"""Exports a separator that is asked for labels and an encoder that says which there are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch

from export.bundle.picturebook import facts_in, rewrite
from export.graph.check import ExportCheck, check_export
from export.graph.precision import in_precision
from export.graph.to_onnx import to_graph
from training.loop.checkpoints import load_checkpoint
from training.loop.plain_errors import InputError
from training.presence.encoder import PresenceEncoder
from training.presence.encoder_training import load_presence
from training.presence.extractor import Extractor
from training.presence.extractor_training import load_extractor
from training.sound.recordings import credits, read_manifest
from training.vocabulary import LABELS

MOST_ROWS = 64
MOST_BLOCKS, TRIED_BLOCKS = 60_000, 150
FEWEST_SAMPLES, MOST_SAMPLES = 2048, 1 << 20
PRECISION = "fp16-weights"
OBJECTIVES = {
    "encoder": "what a public tagger says of each sound alone, presences of labels in mixtures of "
    "one to three, contrast with the words of the encoder before",
    "separator": "thresholded SNR and level of the asked label's sounds in mixtures of one to four",
}
MEASURED = {
    "top1": "hearing_top1_held_out",
    "top3": "hearing_top3_held_out",
    "both": "two_sounds_both_strongest_held_out",
    "calibration_error": "calibration_error",
    "two_sources_db": "si_sdr_improvement_two_sources_db",
    "three_sources_db": "si_sdr_improvement_three_sources_db",
    "alone_db": "si_sdr_one_source_alone_db",
}
"""What the trainers measured on recordings kept away: their name for it, and the bundle's."""


def extractor_graph(model: Extractor) -> onnx.ModelProto:
    """audio (1, n), asked (k, labels) and state (k, S) to sources (k, n) and the next state."""
    model.by_fft = False
    blocks = torch.export.Dim("blocks", min=1, max=MOST_BLOCKS)
    rows = torch.export.Dim("rows", min=1, max=MOST_ROWS)
    return to_graph(
        model,
        {
            "audio": torch.randn(1, 3200) * 0.1,
            "asked": torch.eye(len(LABELS))[:3],
            "state": model.initial_state(3),
        },
        ["sources", "next_state"],
        {"audio": {1: model.shape.hop * blocks}, "asked": {0: rows}, "state": {0: rows}},
    )


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


def export_extractor(model: Extractor, path: Path, precision: str = "fp32") -> ExportCheck:
    """Writes the separator and compares it with torch, at one row and block and at many."""
    model = model.eval()
    onnx.save(in_precision(extractor_graph(model), precision), str(path))
    rng, hop = np.random.default_rng(), model.shape.hop
    table = np.eye(len(LABELS), dtype=np.float32)
    trials = []
    for rows, blocks in ((1, 1), (1, TRIED_BLOCKS), (4, 25), (MOST_ROWS // 8, TRIED_BLOCKS)):
        asked = table[rng.choice(len(LABELS), rows, replace=False)]
        before = torch.from_numpy(_sound(rng, 1, hop * TRIED_BLOCKS))
        with torch.no_grad():  # the state of a sound in full swing
            state = model(before, torch.from_numpy(asked), model.initial_state(rows))[1].numpy()
        trials.append({"audio": _sound(rng, 1, hop * blocks), "asked": asked, "state": state})
    bounds = {"blocks": (1, TRIED_BLOCKS), "rows": (1, MOST_ROWS // 8)}
    return check_export(model, path, precision, trials, bounds)


def export_presence(model: PresenceEncoder, path: Path, precision: str = "fp32") -> ExportCheck:
    """Writes the encoder and compares it with torch, at the bounds of batch and length."""
    model = model.eval()
    onnx.save(in_precision(presence_graph(model), precision), str(path))
    rng = np.random.default_rng()
    shapes = ((1, FEWEST_SAMPLES), (1, 64_000), (1, 40_123), (8, 16_000))
    trials = [{"audio": _sound(rng, rows, samples)} for rows, samples in shapes]
    bounds = {"batch": (1, 8), "samples": (FEWEST_SAMPLES, 64_000)}
    return check_export(model, path, precision, trials, bounds)


def _sound(rng: np.random.Generator, rows: int, samples: int) -> np.ndarray:
    """f32 (rows, samples): silence, then noise."""
    sound = 0.1 * rng.standard_normal((rows, samples), dtype=np.float32)
    sound[:, : samples // 3] = 0
    return sound


def put_ears(bundle: Path, encoder: Path, separator: Path, sounds: Path | None) -> Path:
    """Write a bundle again with the models of two checkpoints; returns its folder.

    sounds: the recordings that they learned from, whose authors the card thanks; None leaves the
    bundle's own. Raises InputError and ParityError.
    """
    for path in (encoder, separator):
        if not path.is_file():
            raise InputError(f"there is no checkpoint {path}: train it, or correct its name")
    facts = facts_in(bundle)
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as workplace:
        made = Path(workplace)
        files = {name: made / name for name in ("encoder.onnx", "separator.onnx")}
        extractor = load_extractor(separator)
        checked = {
            "encoder.onnx": export_presence(
                load_presence(encoder), files["encoder.onnx"], PRECISION
            ),
            "separator.onnx": export_extractor(extractor, files["separator.onnx"], PRECISION),
        }
        shape = extractor.shape
        facts["separator"] = {
            "latency_samples": shape.latency,
            "frame_samples": shape.hop,
            "state_size": shape.state_size,
        }
        for part, path in (("encoder", encoder), ("separator", separator)):
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
                if name in MEASURED
            }
        facts["measured"]["export"] |= {name: c.as_json() for name, c in checked.items()}
        if sounds is not None:
            facts["credits"] = credits(read_manifest(sounds))
        facts["measured"].pop("hearing_top1_per_label", None)
        facts["measured"].pop("evaluation", None)
        return rewrite(bundle, facts, files)
