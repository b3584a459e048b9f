"""Exports separator and encoder, and compares them with torch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from engine.runtimes.open import load_model
from export.bundle.sound_report import sound_report
from export.graph.check import ExportCheck, check_export
from export.graph.parity import ParityError
from export.graph.precision import in_precision
from export.graph.to_onnx import to_graph
from training.hearing.encoder import Encoder
from training.hearing.separator import Separator, SeparatorShape
from training.loop.checkpoints import load_checkpoint

UNTRAINED_TEMPERATURE = 0.1
CUT_AT_MOST = 2e-4
"""Largest difference that cutting a sound into chunks may make; samples are of full scale 1."""
MOST_BLOCKS, TRIED_BLOCKS = 60_000, 150
FEWEST_SAMPLES, TRIED_SAMPLES, MOST_SAMPLES = 2048, 64_000, 1 << 20
BATCH = (1, 64)
"""Fewest and most windows in a call of the encoder."""


def separator_graph(model: Separator) -> onnx.ModelProto:
    """audio (1, n) with the state to sources and the next state, n any multiple of the hop."""
    model.by_fft = False
    blocks = torch.export.Dim("blocks", min=1, max=MOST_BLOCKS)
    return to_graph(
        model,
        {"audio": torch.randn(1, 3200) * 0.1, "state": model.initial_state()},
        ["sources", "next_state"],
        {"audio": {1: model.shape.hop * blocks}},
    )


def encoder_graph(model: Encoder, batch: tuple[int, int] = BATCH) -> onnx.ModelProto:
    """audio (b, n) to embedding (b, d) and presence (b, labels + 1).

    batch: fewest and most rows.
    """
    model.by_fft = False
    windows = torch.export.Dim("batch", min=batch[0], max=batch[1])
    samples = torch.export.Dim("samples", min=FEWEST_SAMPLES, max=MOST_SAMPLES)
    count = max(2, batch[0])  # an example of one would freeze the batch
    return to_graph(
        model,
        {"audio": torch.randn(count, TRIED_SAMPLES) * 0.1},
        ["embedding", "presence"],
        {"audio": {0: windows, 1: samples}},
    )


def export_separator(model: Separator, path: Path, precision: str = "fp32") -> ExportCheck:
    """Writes separator.onnx and compares it with torch, at one block and at many."""
    model = model.eval()
    onnx.save(in_precision(separator_graph(model), precision), str(path))
    rng, hop = np.random.default_rng(), model.shape.hop
    before = torch.from_numpy(_sound(rng, 1, hop * TRIED_BLOCKS))
    with torch.no_grad():  # the state of a sound in full swing
        state = model(before, model.initial_state())[1].numpy()
    sounds = [_sound(rng, 1, hop * blocks) for blocks in (1, TRIED_BLOCKS)]
    trials = [{"audio": sound, "state": state} for sound in sounds]
    return check_export(model, path, precision, trials, {"blocks": (1, TRIED_BLOCKS)})


def chunking_error(path: Path, hop: int, state: np.ndarray) -> float:
    """Largest difference that cutting a sound into chunks makes; samples are of full scale 1."""
    model = load_model(path, "onnxruntime", None, True)
    sound = _sound(np.random.default_rng(), 1, hop * 150)
    whole = model.run({"audio": sound, "state": state})["sources"]
    carried, parts, at = state, [], 0
    for blocks in (1, 2, 25, 7, 25, 90):
        chunk = sound[:, at : at + blocks * hop]
        found = model.run({"audio": np.ascontiguousarray(chunk), "state": carried})
        carried = found["next_state"]
        parts.append(found["sources"])
        at += chunk.shape[1]
    model.close()
    return float(np.abs(np.concatenate(parts, axis=2) - whole).max())


def export_encoder(
    model: Encoder, path: Path, precision: str = "fp32", batch: tuple[int, int] = BATCH
) -> ExportCheck:
    """Writes encoder.onnx and compares it with torch, at the bounds of batch and length."""
    model = model.eval()
    onnx.save(in_precision(encoder_graph(model, batch), precision), str(path))
    rng, (few, many) = np.random.default_rng(), batch
    shapes = ((few, FEWEST_SAMPLES), (few, TRIED_SAMPLES), (few, 40_123), (many, 16_000))
    trials = [{"audio": _sound(rng, rows, samples)} for rows, samples in shapes]
    bounds = {"batch": batch, "samples": (FEWEST_SAMPLES, TRIED_SAMPLES)}
    return check_export(model, path, precision, trials, bounds)


def _sound(rng: np.random.Generator, rows: int, samples: int) -> np.ndarray:
    """f32 (rows, samples): silence, then noise."""
    sound = 0.1 * rng.standard_normal((rows, samples), dtype=np.float32)
    sound[:, : samples // 3] = 0
    return sound


def export_all(
    separator: Separator,
    encoder: tuple[Encoder, np.ndarray],
    out: Path,
    precisions: tuple[str, str] = ("fp32", "fp32"),
    batch: tuple[int, int] = BATCH,
) -> dict[str, ExportCheck]:
    """Puts the files of the given models into `out`, all or none.

    encoder: with its words (labels, d). precisions: of separator and encoder. batch: of the
    encoder. Returns what was found by file name. Raises ParityError when a graph differs from
    torch.
    """
    out.mkdir(parents=True, exist_ok=True)
    found: dict[str, ExportCheck] = {}
    with tempfile.TemporaryDirectory(dir=out, prefix=".partial-") as name:
        made = Path(name)
        path = made / "separator.onnx"
        found[path.name] = export_separator(separator, path, precisions[0])
        cut = chunking_error(path, separator.shape.hop, separator.initial_state().numpy())
        if cut > CUT_AT_MOST:
            raise ParityError(
                f"{path.name}: cut into chunks, a sound comes out {cut:.2g} otherwise, more "
                f"than {CUT_AT_MOST:g}; choose a finer precision for it"
            )
        path = made / "encoder.onnx"
        found[path.name] = export_encoder(encoder[0], path, precisions[1], batch)
        np.save(made / "vocabulary.npy", encoder[1].astype(np.float32))
        for path in sorted(made.iterdir()):
            os.replace(path, out / path.name)
    return found


def sound_facts(
    checkpoints: Mapping[str, Path],
    sounds: Path | None,
    found: Mapping[str, ExportCheck],
    shape: SeparatorShape,
) -> dict[str, Any]:
    """What sound.json says: shapes, figures, training, credits. See `sound_report`."""
    heard = load_checkpoint(checkpoints["encoder"]) if "encoder" in checkpoints else None
    facts = heard["facts"] if heard else {}
    return {
        "separator_shape": asdict(shape),
        "latency_samples": shape.latency,
        "frame_samples": shape.hop,
        "state_size": shape.state_size,
        "label_temperature": facts.get("temperature", UNTRAINED_TEMPERATURE),
        "export": {name: checked.as_json() for name, checked in found.items()},
        "credits": [],
        **sound_report(checkpoints, sounds),
    }
