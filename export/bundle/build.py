"""From a spec and its checkpoints to a bundle, checked at every step: `soundglass export`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from engine.bundle.fields import BundleError
from engine.bundle.load import load_bundle
from engine.system.terminal import say
from export.bundle.picturebook import (
    SIZES,
    export_generators,
    facts_of,
    finish,
    painters_of,
    places,
)
from export.bundle.read_models import read_encoder, read_painter, read_separator, read_words
from export.bundle.sound import export_all, sound_facts
from export.bundle.space import check_disk
from export.bundle.spec import BundleSpec, read_spec

_ROOM_FACTOR = 4
"""Of the checkpoints' size: the graphs, twice while they are checked, and those that runtimes
make."""


def export_bundle(spec: BundleSpec, out: Path) -> Path:
    """Export every model of a spec, compare it with torch, write the bundle; returns its folder.

    What was at `out` stays as it was until the bundle is whole. Raises BundleError.
    """
    for path in spec.checkpoints():
        if not path.is_file():
            raise BundleError(f"there is no checkpoint {path}; train it, or correct the spec")
    _check_target(out)
    if any(size > most for size, most in zip(SIZES["scene"], spec.generator.largest, strict=True)):
        raise BundleError(f"generator.largest must hold a scene, {list(SIZES['scene'])}")
    check_disk(out, _ROOM_FACTOR * sum(path.stat().st_size for path in spec.checkpoints()))
    out.parent.mkdir(parents=True, exist_ok=True)
    stages = 2 + len(spec.generator.steps)
    with (
        tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as name,
        tqdm(total=stages, desc="reading checkpoints", unit="file", disable=None) as bar,
    ):
        folder = Path(name) / "files"
        separator = read_separator(spec.separator.checkpoint)
        encoder = read_encoder(spec.encoder.checkpoint)
        vocabulary = read_words(spec.encoder.checkpoint)
        models = read_painter(spec.generator)

        def step(what: str) -> None:
            bar.update()
            bar.set_description(what)

        bar.set_description("separator and encoder")
        precisions = (spec.separator.precision, spec.encoder.precision)
        found = export_all(
            separator, (encoder, vocabulary), folder, precisions, spec.encoder.batch
        )
        ears = {"encoder": spec.encoder.checkpoint, "separator": spec.separator.checkpoint}
        sound = sound_facts(ears, spec.encoder.recordings, found, separator.shape)
        step("generators")
        painters = painters_of(*models, sound, vocabulary, spec.generator)
        found |= export_generators(painters, folder, spec.generator, step)
        exported = {file: checked.as_json() for file, checked in found.items()}
        np.save(folder / "places.npy", places())
        facts = facts_of(spec.name, spec.licence, spec.generator, sound, exported)
        runtime = "openvino" if spec.generator.precision == "bf16" else "onnxruntime"
        step("trying the bundle")
        return finish(folder, out, facts, runtime)


def _check_target(out: Path) -> None:
    """Nothing but an older bundle may be replaced."""
    if out.is_dir() and any(out.iterdir()) and not (out / "bundle.json").is_file():
        raise BundleError(f"{out} is no bundle and not empty; name another folder")
    if out.exists() and not out.is_dir():
        raise BundleError(f"{out} is a file; name a folder")


def main(spec: Path, out: Path) -> int:
    """The command: export, and say what became of it."""
    torch.manual_seed(0)
    bundle = load_bundle(export_bundle(read_spec(spec), out))
    say(f"{'file':<18}{'precision':<14}{'MB':>7}  relative error to torch")
    for name, file in bundle.manifest.files.items():
        told = bundle.manifest.measured["export"].get(name)
        if told is None:
            say(f"{name:<18}{'':<14}{file.bytes / 1e6:>7.2f}")
            continue
        errors = ", ".join(f"{key} {value:.1e}" for key, value in told["relative_error"].items())
        say(f"{name:<18}{told['precision']:<14}{file.bytes / 1e6:>7.2f}  {errors}")
    say(f"{bundle.folder}: {bundle.megabytes:.1f} MB, verified")
    return 0
