"""Gathers the trained models into the bundle that ships.

    python -m export.picturebook runs --hearing runs/hearing -o engine/bundles/picturebook

RUNS holds the finished picture side (autoencoder, student), HEARING the exported sound
side (`python -m export.sound`). Every graph is compared with torch before the bundle is written.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.bundle import load_bundle
from export.parity import check_parity
from export.picture import SLOTS, FewStepPainter, export_painter
from export.write_bundle import write_bundle
from training.autoencoder import FACTOR, LATENT_CHANNELS
from training.distil import load_painter
from training.generator import EMBEDDING, Concepts
from training.progress import load_checkpoint
from training.refine_decoder import load_refined
from training.vocabulary import LABELS

STEPS = (1, 2)
SIZES = ((144, 256), (112, 192))
LARGEST_ERROR = 5e-3
"""Relative difference from torch above which an export is refused; weights are in half precision,
and this is less than one level of 255 in a picture of middling brightness."""


def check(painter: FewStepPainter, path: Path) -> float:
    """Relative difference between torch and ONNX, the worse of both sizes; see `check_parity`."""
    weights = np.random.default_rng(0).random((3, SLOTS), np.float32)
    worst = 0.0
    for height, width in SIZES:
        noise = np.random.default_rng(height).standard_normal(
            (3, LATENT_CHANNELS, height // FACTOR, width // FACTOR), np.float32
        )
        tokens = np.random.default_rng(width).standard_normal((3, SLOTS, EMBEDDING), np.float32)
        inputs = {"tokens": tokens, "weights": weights, "noise": noise}
        worst = max(worst, check_parity(painter, path, inputs, LARGEST_ERROR).relative)
    return worst


def facts_of(runs: Path, sound: dict[str, Any], errors: dict[str, float]) -> dict[str, Any]:
    """Everything in bundle.json that cannot be read off the files."""
    training = dict(sound["training"])
    for name in ("autoencoder", "decoder", "teacher", "student"):
        if saved := load_checkpoint(runs / f"{name}.pt"):
            training[name] = {"steps": saved["step"], "minutes": round(saved["spent_s"] / 60, 1)}
    return {
        "name": "picturebook",
        "licence": "CC-BY-4.0",
        "sample_rate_hz": 16000,
        "window_s": 4.0,
        "hop_s": 0.2,
        "sources": SLOTS,
        "embedding_dim": EMBEDDING,
        "labels": list(LABELS),
        "label_temperature": sound["label_temperature"],
        "separator": {
            key: sound[key] for key in ("latency_samples", "frame_samples", "state_size")
        },
        "pictures": {
            "sizes": [list(size) for size in SIZES],
            "latent_channels": LATENT_CHANNELS,
            "latent_factor": FACTOR,
            "steps": list(STEPS),
        },
        "training": training,
        "measured": {
            **sound["measured"],
            "export_relative_error": errors,
            "sound_parity": sound["parity"],
        },
        "credits": sound["credits"],
    }


def build(runs: Path, hearing: Path, out: Path) -> Path:
    """Exports, checks and writes the bundle; returns its folder."""
    sound = json.loads((hearing / "sound.json").read_text())
    student = load_painter(runs / "student.pt")
    vocabulary = torch.from_numpy(np.load(hearing / "vocabulary.npy"))
    concepts = Concepts(student.table, vocabulary, sound["label_temperature"])
    autoencoder = load_refined(runs)
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as name:
        folder, errors = Path(name), {}
        for file in ("separator.onnx", "encoder.onnx", "vocabulary.npy"):
            shutil.copyfile(hearing / file, folder / file)
        for steps in STEPS:
            painter = FewStepPainter(concepts, student.generator, autoencoder, steps).eval()
            path = folder / f"generator-{steps}.onnx"
            export_painter(painter, path)
            errors[path.name] = round(check(painter, path), 6)
        facts = facts_of(runs, sound, errors)
        (folder / "CARD.md").write_text(card(facts))
        return write_bundle(folder, out, facts)


def card(facts: dict[str, Any]) -> str:
    """The model card: what it is, what it was trained on, what it reaches, whom to thank."""
    measured = facts["measured"]
    lines = [
        "# picturebook",
        "",
        "Hears 24 kinds of sound and paints them as one picture-book landscape. Licence of the",
        "weights: CC BY 4.0.",
        "",
        f"Labels: {', '.join(facts['labels'])}.",
        "",
        "## Trained on",
        "",
        "Sound: the recordings credited below and sounds synthesised by `engine/synthesis.py`.",
        "Pictures: painted by `training/world`; subjects are glyphs of Noto Color Emoji (OFL 1.1).",
        "",
        "| part | training |",
        "| --- | --- |",
        *(
            f"| {part} | {', '.join(f'{key} {value}' for key, value in how.items())} |"
            for part, how in facts["training"].items()
        ),
        "",
        "## Measured",
        "",
        *(f"- {key}: {value:.3f}" for key, value in measured.items() if isinstance(value, float)),
        "",
        "## Limits",
        "",
        "Trained for minutes on two processor cores: it confuses sounds that are alike, leaks",
        "between sources, and paints subjects roughly. Not for surveillance or safety.",
        "",
        "## Authors of the recordings",
        "",
        *(f"- {c['author']} ({c['licence']}, {c['files']} files)" for c in facts["credits"]),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the finished picture side")
    parser.add_argument(
        "--hearing", type=Path, required=True, help="folder with the exported sound side"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="bundle to write")
    a = parser.parse_args()
    bundle = load_bundle(build(a.runs, a.hearing, a.output))
    total = sum(file.bytes for file in bundle.manifest.files.values())
    print(f"{bundle.folder}: {total / 1e6:.1f} MB, labels {len(bundle.manifest.labels)}, verified")


if __name__ == "__main__":
    main()
