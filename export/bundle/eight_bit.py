"""A bundle's generators in eight bits, compared with what they come from."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import onnx
from tqdm import tqdm

from engine.bundle.load import Bundle, load_bundle
from engine.runtimes.dequantise import dequantise_model
from engine.runtimes.open import load_model
from export.bundle.picture import at_precision, share_weights
from export.bundle.picturebook import bounds_of, facts_in, rewrite, trials_at
from export.graph.check import LIMITS, ExportCheck
from export.graph.parity import ParityError, compare
from export.graph.weights_file import SHARED
from training.loop.plain_errors import InputError


def in_eight_bits(folder: Path) -> Path:
    """Write a bundle again with int8 generators; returns its folder.

    Raises InputError where they are, ParityError where they would be too far off.
    """
    bundle, facts = load_bundle(folder), facts_in(folder)
    stated: dict[str, Any] = facts["measured"]["export"]
    names = {steps: bundle.manifest.file("generator", steps).name
             for steps in bundle.manifest.pictures.steps}  # fmt: skip
    for name in names.values():
        if (precision := stated[name]["precision"]) not in ("fp32", "fp16-weights"):
            raise InputError(f"{folder}: {name} is in {precision}; only fp32 and fp16-weights go")
    with tempfile.TemporaryDirectory(prefix="soundglass-export-") as workplace:
        made = Path(workplace)
        models = []
        for name in tqdm(names.values(), desc="quantising", unit="graph", disable=None):
            models.append(_quantised(bundle, name))
        share_weights(models, made / SHARED)
        files = {SHARED: made / SHARED}
        for name, model in zip(names.values(), models, strict=True):
            files[name] = made / name
            onnx.save(model, str(files[name]))
            batch, height, width = (tuple(stated[name]["bounds"][axis])
                                    for axis in ("batch", "height", "width"))  # fmt: skip
            checked = _check(bundle.folder / name, files[name], batch, (height[1], width[1]))
            stated[name] = checked.as_json()
        return rewrite(folder, facts, files)


def _quantised(bundle: Bundle, name: str) -> onnx.ModelProto:
    model = onnx.load(str(bundle.folder / name))
    dequantise_model(model)
    return at_precision(model, "int8", bundle.vocabulary)


def _check(
    before: Path, now: Path, batch: tuple[int, int], largest: tuple[int, int]
) -> ExportCheck:
    right, model = load_model(before, "onnxruntime"), load_model(now, "onnxruntime")
    worst = 0.0
    for given in tqdm(trials_at(batch, largest), desc=f"comparing {now.name}", disable=None):
        pictures = (each.run(given)["picture"] for each in (model, right))
        worst = max(worst, compare(f"{now.name} picture", "picture", *pictures).relative)
    if worst > LIMITS["int8"]:
        raise ParityError(f"{now.name} in int8 is {worst:.2e} off, more than {LIMITS['int8']:.0e}")
    return ExportCheck("int8", bounds_of(batch, largest), {"picture": worst}, model.runtime)
