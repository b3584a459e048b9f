"""Gathers the trained models into the bundle that ships.

    python -m export.picturebook runs --hearing runs/hearing -o engine/bundles/picturebook
    python -m export.picturebook --figures evaluation.json -o engine/bundles/picturebook

RUNS holds the finished picture side (autoencoder, decoder, student), HEARING the exported sound
side (`python -m export.sound`). Every graph is compared with torch before the bundle is written.
The second form writes what `training.evaluate` measured into a bundle that is there.
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

from engine.atmosphere import LIGHTS, SEASONS, STYLES
from engine.bundle import load_bundle
from engine.bundle_manifest import MANIFEST_NAME
from export.card import card, read_drawings
from export.parity import check_parity
from export.picture import SLOTS, FewStepPainter, export_painters, random_inputs
from export.write_bundle import write_bundle
from training.autoencoder import FACTOR, LATENT_CHANNELS
from training.distil import load_painter
from training.generator import EMBEDDING, LOOKS, Concepts
from training.pictures import PANELS, SCENES
from training.progress import load_checkpoint
from training.refine_decoder import load_refined
from training.vocabulary import LABELS
from training.world.scene import place_rule

STEPS = (1, 2)
SIZES = {"scene": (SCENES.height, SCENES.width), "panel": (PANELS.height, PANELS.width)}
LARGEST_ERROR = 5e-3
"""Relative difference from torch above which an export is refused; weights are in half precision,
and this is less than one level of 255 in a picture of middling brightness."""
HEARING_FILES = ("separator.onnx", "encoder.onnx", "vocabulary.npy")


def places() -> np.ndarray:
    """f32 (labels, 2, 2, 2): [label, scene | panel, at weight 0 | 1, (y, height)]."""
    rules = [[place_rule(label, kind) for kind in ("scene", "panel")] for label in LABELS]
    return np.array(rules, np.float32)


def check(painter: FewStepPainter, path: Path) -> float:
    """Relative difference between torch and ONNX, the worse of both sizes; see `check_parity`."""
    worst, rng = 0.0, np.random.default_rng(0)
    for height, width in SIZES.values():
        inputs = random_inputs(2, height // FACTOR, width // FACTOR, rng)
        found = check_parity(painter, path, inputs, LARGEST_ERROR, trials=1)
        worst = max(worst, found.relative)
    return worst


def facts_of(runs: Path, sound: dict[str, Any], errors: dict[str, float]) -> dict[str, Any]:
    """Everything in bundle.json that cannot be read off the files."""
    training = dict(sound["training"])
    for name in ("autoencoder", "decoder", "teacher", "student"):
        if saved := load_checkpoint(runs / f"{name}.pt"):
            training[name] = {"steps": saved["step"], "minutes": round(saved["spent_s"] / 60, 1)}
    for name in (SCENES.name, PANELS.name):
        if (pool := runs / name / "pool.json").is_file():
            training[name] = {"pictures": json.loads(pool.read_text())["count"]}
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
            **{kind: list(size) for kind, size in SIZES.items()},
            "latent_channels": LATENT_CHANNELS,
            "latent_factor": FACTOR,
            "steps": list(STEPS),
            "looks": LOOKS,
            "lights": list(LIGHTS),
            "seasons": list(SEASONS),
            "styles": list(STYLES),
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
        folder = Path(name)
        for file in HEARING_FILES:
            shutil.copyfile(hearing / file, folder / file)
        painters = {
            steps: FewStepPainter(concepts, student.generator, autoencoder, steps).eval()
            for steps in STEPS
        }
        files = export_painters(painters, folder)
        errors = {
            path.name: round(check(painters[steps], path), 6) for steps, path in files.items()
        }
        np.save(folder / "places.npy", places())
        return _write(folder, out, facts_of(runs, sound, errors))


def add_figures(bundle: Path, evaluation: dict[str, Any]) -> Path:
    """Writes an evaluation's figures into a bundle and its card; the models stay as they are."""
    facts = json.loads((bundle / MANIFEST_NAME).read_text())
    for field in ("schema", "seal", "files"):
        del facts[field]
    facts["measured"]["evaluation"] = {
        key: evaluation[key] for key in ("made", "machine", "seed", "rows") if key in evaluation
    }
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as name:
        folder = Path(name)
        for path in bundle.iterdir():
            if path.name != MANIFEST_NAME:
                shutil.copyfile(path, folder / path.name)
        return _write(folder, bundle, facts)


def _write(folder: Path, out: Path, facts: dict[str, Any]) -> Path:
    (folder / "CARD.md").write_text(card(facts, read_drawings()), encoding="utf-8")
    return write_bundle(folder, out, facts)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "runs", type=Path, nargs="?", help="folder with the finished picture side"
    )
    parser.add_argument("--hearing", type=Path, help="folder with the exported sound side")
    parser.add_argument("--figures", type=Path, help="what training.evaluate wrote")
    parser.add_argument("-o", "--output", type=Path, required=True, help="bundle to write")
    a = parser.parse_args(argv)
    if a.runs is None and a.figures is None:
        parser.error("name the folder of the runs, or --figures")
    if a.runs is not None:
        build(a.runs, a.hearing or a.runs / "hearing", a.output)
    if a.figures is not None:
        add_figures(a.output, json.loads(a.figures.read_text()))
    bundle = load_bundle(a.output)
    total = sum(file.bytes for file in bundle.manifest.files.values())
    print(f"{bundle.folder}: {total / 1e6:.1f} MB, labels {len(bundle.manifest.labels)}, verified")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
