"""Exports the picture side and puts a bundle together."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.bundle.load import load_bundle
from engine.bundle.manifest import MANIFEST_NAME
from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES
from export.bundle.card import card, read_drawings
from export.bundle.picture import SLOTS, SMALLEST, FewStepPainter, export_painters, random_inputs
from export.bundle.read_models import read_painter
from export.bundle.spec import GeneratorPart
from export.bundle.write import write_bundle
from export.graph.check import ExportCheck, check_export
from training.loop.checkpoints import load_checkpoint
from training.loop.plain_errors import InputError
from training.painting.autoencoder import LATENT_CHANNELS, Autoencoder
from training.painting.drawings import DrawingTable
from training.painting.finish import FINISHED, Painted
from training.painting.generator import EMBEDDING, LOOKS, Concepts, Painter
from training.painting.lands import Lands
from training.painting.pictures import LARGE_SCENES, large_plans, plans
from training.vocabulary import LABELS
from training.world.scene import place_rule

STEPS = (1, 2)
BATCH, LARGEST = (1, 17), (1152, 2048)
"""Fewest and most pictures in a call; height and width of the largest."""
SIZES = {"scene": (LARGE_SCENES.height, LARGE_SCENES.width), "panel": (384, 384)}
HEARING_FILES = ("separator.onnx", "encoder.onnx", "vocabulary.npy")
NAME, LICENCE = "picturebook", "CC-BY-4.0"


def places() -> np.ndarray:
    """f32 (labels, 2, 2, 2): [label, scene | panel, at weight 0 | 1, (y, height)]."""
    rules = [[place_rule(label, kind) for kind in ("scene", "panel")] for label in LABELS]
    return np.array(rules, np.float32)


def export_generators(
    painters: Mapping[int, FewStepPainter],
    folder: Path,
    part: GeneratorPart,
    tell: Callable[[str], None] = lambda what: None,
) -> dict[str, ExportCheck]:
    """Writes the generators and their shared weights, each compared with torch at its bounds.

    tell: is called with what comes next.
    """
    files = export_painters(painters, folder, part.precision, part.batch, part.largest)
    found = {}
    for steps, path in files.items():
        tell(f"comparing {path.name}")
        found[path.name] = check_export(
            painters[steps], path, part.precision, trials_at(part.batch, part.largest),
            bounds_of(part.batch, part.largest),
        )  # fmt: skip
    return found


def bounds_of(batch: tuple[int, int], largest: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """Smallest and largest of what is free in a generator's graph."""
    return {"batch": batch, "height": (SMALLEST, largest[0]), "width": (SMALLEST, largest[1])}


def trials_at(batch: tuple[int, int], largest: tuple[int, int]) -> list[dict[str, np.ndarray]]:
    """Fresh random inputs of the fewest and the most pictures, and at the sizes that a show paints.

    The tallest is a scene stood on its side: no show paints one both as high and as wide as it may.
    """
    rng, (few, many) = np.random.default_rng(), batch
    return [
        random_inputs(count, height // FINISHED, width // FINISHED, rng)
        for count, (height, width) in (
            (few, SIZES["scene"]),
            (few, SIZES["panel"]),
            (many, (SMALLEST, SMALLEST)),
            (few, _tallest(largest)),
        )
    ]


def _tallest(largest: tuple[int, int]) -> tuple[int, int]:
    height, width = SIZES["scene"]
    return min(width, largest[0]), min(height, largest[1])


def painters_of(
    painter: Painter, autoencoder: Autoencoder, table: DrawingTable, painted: Painted,
    lands: Lands | None, sound: Mapping[str, Any], vocabulary: np.ndarray, part: GeneratorPart,
) -> dict[int, FewStepPainter]:  # fmt: skip
    """The generator, told apart by the ear's own names, for each number of steps."""
    names = torch.from_numpy(vocabulary)
    concepts = Concepts(painter.table, names, sound["label_temperature"])
    return {
        steps: FewStepPainter(
            concepts, painter.generator, autoencoder, table, painted, steps,
            part.kind == "teacher", lands,
        ).eval()
        for steps in part.steps
    }


def facts_of(
    name: str,
    licence: str,
    part: GeneratorPart,
    sound: Mapping[str, Any],
    exported: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything in bundle.json that cannot be read off the files."""
    return {
        "name": name,
        "licence": licence,
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
        "pictures": pictures_of(part),
        "training": sound["training"] | training_of(part),
        "measured": {**sound["measured"], "export": dict(exported)},
        "credits": sound["credits"],
    }


def training_of(part: GeneratorPart) -> dict[str, Any]:
    """How long everything was trained that paints, and on how many pictures."""
    training: dict[str, Any] = {}
    beside = part.checkpoint.parent
    stages = {
        "autoencoder": part.autoencoder,
        "decoder": part.decoder,
        "teacher": beside / "teacher.pt",
        part.kind: part.checkpoint,
        "finish": part.finish,
    }
    for stage, path in stages.items():
        saved = load_checkpoint(path) if path else None
        if saved and saved["step"]:  # else it was read out of a bundle, which says so itself
            training[stage] = {"steps": saved["step"], "minutes": round(saved["spent_s"] / 60, 1)}
    for pool in (*plans(), *large_plans()):
        if (told := beside / pool.name / "pool.json").is_file():
            training[pool.name] = {"pictures": json.loads(told.read_text())["count"]}
    return training


def pictures_of(part: GeneratorPart) -> dict[str, Any]:
    """What the generators can paint, as the manifest says it."""
    return {
        **{kind: list(size) for kind, size in SIZES.items()},
        "latent_channels": LATENT_CHANNELS,
        "latent_factor": FINISHED,
        "steps": list(part.steps),
        "looks": LOOKS,
        "lights": list(LIGHTS),
        "seasons": list(SEASONS),
        "styles": list(STYLES),
    }


def painter_part(runs: Path) -> GeneratorPart:
    """The shipped generators, out of a runs folder."""
    decoder, lands = runs / "decoder.pt", runs / "lands.pt"
    return GeneratorPart(
        checkpoint=runs / "student.pt",
        kind="student",
        autoencoder=runs / "autoencoder.pt",
        decoder=decoder if decoder.exists() else None,
        lands=lands if lands.exists() else None,
        steps=STEPS,
        batch=BATCH,
        largest=LARGEST,
        precision="int8",
        finish=runs / "finish.pt",
    )


def build(runs: Path, hearing: Path, out: Path) -> Path:
    """Exports, checks and writes the bundle of a finished run; returns its folder.

    hearing: what `export.sound` made, whose files are taken as they are.
    """
    if not (hearing / "sound.json").is_file():
        raise InputError(f"no exported ear in {hearing}: run python -m export.sound first")
    sound = json.loads((hearing / "sound.json").read_text())
    part = painter_part(runs)
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as name:
        folder = Path(name)
        for file in HEARING_FILES:
            shutil.copyfile(hearing / file, folder / file)
        vocabulary = np.load(hearing / "vocabulary.npy")
        painters = painters_of(*read_painter(part), sound, vocabulary, part)
        found = export_generators(painters, folder, part)
        exported = sound.get("export", {}) | {n: c.as_json() for n, c in found.items()}
        np.save(folder / "places.npy", places())
        return finish(folder, out, facts_of(NAME, LICENCE, part, sound, exported))


def add_figures(bundle: Path, evaluation: dict[str, Any]) -> Path:
    """Writes an evaluation's figures into a bundle and its card; the models stay as they are."""
    facts = facts_in(bundle)
    facts["measured"]["evaluation"] = {
        key: evaluation[key] for key in ("made", "machine", "seed", "rows") if key in evaluation
    }
    return rewrite(bundle, facts, {})


def replace_painters(bundle: Path, part: GeneratorPart) -> Path:
    """Puts the generators of checkpoints into a bundle; what it hears with stays as it is."""
    facts, loaded = facts_in(bundle), load_bundle(bundle)
    sound = {"label_temperature": facts["label_temperature"]}
    painters = painters_of(*read_painter(part), sound, loaded.vocabulary, part)
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as name:
        folder = Path(name)
        found = export_generators(painters, folder, part)
        facts["pictures"] |= pictures_of(part)
        facts["training"] |= training_of(part)
        facts["measured"]["export"] |= {n: c.as_json() for n, c in found.items()}
        if "evaluation" in facts["measured"]:
            facts["measured"]["evaluation"]["note"] = (
                "Taken before other ears or generators were put in."
            )
        return rewrite(bundle, facts, {path.name: path for path in folder.iterdir()})


def facts_in(bundle: Path) -> dict[str, Any]:
    """Everything in a bundle's manifest that cannot be read off its files."""
    facts = json.loads((bundle / MANIFEST_NAME).read_text())
    for field in ("schema", "seal", "files"):
        del facts[field]
    return facts


def rewrite(bundle: Path, facts: dict[str, Any], others: Mapping[str, Path]) -> Path:
    """Write a bundle once more, with other facts and some other files."""
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as name:
        folder = Path(name)
        for path in bundle.iterdir():
            if path.name != MANIFEST_NAME:
                shutil.copyfile(others.get(path.name, path), folder / path.name)
        return finish(folder, bundle, facts)


def finish(
    folder: Path, out: Path, facts: dict[str, Any], runtime: str = "onnxruntime"
) -> Path:
    """Add the card, and write the bundle of the exported files in a folder, tried by a runtime."""
    (folder / "CARD.md").write_text(card(facts, read_drawings()), encoding="utf-8")
    return write_bundle(folder, out, facts, runtime)
