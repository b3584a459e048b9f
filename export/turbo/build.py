"""Builds a bundle from public checkpoints."""

from __future__ import annotations

import gc
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx_ir as ir
import torch
from tqdm import tqdm

from engine.bundle.load import Bundle, load_bundle
from engine.bundle.manifest import MANIFEST_NAME
from export.bundle.space import SPARE, check_disk, check_memory
from export.bundle.write import write_bundle
from export.graph.weights_file import SHARED, WeightsFile
from export.turbo.card import BuildResult, card, facts
from export.turbo.check import LIMITS, compare, random_conditions
from export.turbo.graph import StoredWeights, export_graph
from export.turbo.painter import TurboPainter, Vocabulary
from export.turbo.prompts import empty_places, prompt_states
from export.turbo.request import BuildRequest
from export.turbo.sampler import sampler
from training.papers.checkpoints.diffusion import (
    Plan,
    latent_factor,
    load_diffusion,
    load_text,
    plan_diffusion,
)
from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.files import find_checkpoint

EARS = {
    "separator": "separator.onnx", "encoder": "encoder.onnx", "vocabulary": "vocabulary.npy",
}  # fmt: skip
"""What is taken as it is from the bundle that hears: its role, and its name in this one."""
MOST_PICTURES = 32
"""Largest batch a graph takes; from 64 on diffusers goes another road."""
_STORED = {"fp32": ir.DataType.FLOAT, "fp16": ir.DataType.FLOAT}
"""All others in bfloat16; what is in half when it is exported stays so by itself."""
_TABLES = {"fp32": torch.float32, "fp16": torch.float16}


def build(wanted: BuildRequest) -> Bundle:
    """Export, check and write the bundle. Raises BundleError, one line, and then leaves nothing."""
    check_target(wanted.out)
    ears = load_bundle(wanted.ears)
    labels, words = ears.manifest.labels, np.array(ears.vocabulary)
    vae = None if wanted.vae is None else find_checkpoint(wanted.vae)
    plan = plan_diffusion(find_checkpoint(wanted.diffusion), vae)
    _check_room(wanted, plan, len(labels))
    wanted.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wanted.out.parent, prefix=".turbo-") as name:
        work, errors = Path(name), {}
        bar = tqdm(total=2 + 2 * len(wanted.steps), desc="export", unit="stage", disable=None)

        def stage(what: str) -> None:
            bar.set_postfix_str(what, refresh=True)
            bar.update()

        with bar:
            encoder, tokenizer = load_text(plan)
            prompts = prompt_states(encoder, tokenizer, labels, wanted.look)
            del encoder
            gc.collect()
            stage("the prompts are there")
            diffusion = load_diffusion(plan)
            _check_sizes(wanted, latent_factor(diffusion.vae))
            samplers = {n: sampler(diffusion.scheduler, n) for n in wanted.steps}
            vocabulary = Vocabulary(
                torch.from_numpy(words), prompts, ears.manifest.label_temperature,
                _TABLES.get(wanted.precision, torch.bfloat16),
            )  # fmt: skip
            stored = _STORED.get(wanted.precision, ir.DataType.BFLOAT16)
            painters = {n: TurboPainter(vocabulary, diffusion, s) for n, s in samplers.items()}
            with WeightsFile(work / SHARED) as file:
                weights = StoredWeights(file, stored)
                for steps in painters:
                    path = work / f"generator-{steps}.onnx"
                    with _in_half(painters[steps], wanted.precision == "fp16"):
                        _export_painter(
                            painters[steps], ears, weights, path, wanted.precision == "int8"
                        )
                    stage(f"the painter of {steps} steps is there")
            rng = np.random.default_rng()
            for steps in painters:
                path = work / f"generator-{steps}.onnx"
                bounds = _bounds(wanted, diffusion)
                trials = random_conditions(words, ears.manifest.sources, bounds, rng)
                errors[path.name] = compare(painters[steps], path, trials, LIMITS[wanted.precision])
                stage(f"{path.name} is {errors[path.name]:.1e} off torch")
            made = BuildResult(diffusion.name, diffusion.channels, diffusion.factor, errors)
            del painters, diffusion, vocabulary, prompts
            gc.collect()
            told_facts = facts(wanted, made, ears)
            for role, name in EARS.items():
                shutil.copyfile(ears.path(role), work / name)
            np.save(work / "places.npy", neutral_places(len(labels)))
            (work / "CARD.md").write_text(card(told_facts), encoding="utf-8")
            write_bundle(work, wanted.out, told_facts)
            stage("the bundle is there")
    return load_bundle(wanted.out)


def neutral_places(labels: int) -> np.ndarray:
    """places.npy of a generator that places nothing: every label fills the picture."""
    return np.tile(np.array([0.5, 1.0], np.float32), (labels, 2, 2, 1))


def _export_painter(
    painter: TurboPainter, ears: Bundle, weights: StoredWeights, path: Path, eight_bits: bool
) -> None:
    slots, dim = ears.manifest.sources, painter.vocabulary.words.shape[1]
    channels = int(painter.unet.config.in_channels)
    (given,) = random_conditions(
        painter.vocabulary.words.numpy(), slots, [(2, channels, 12, 20)], np.random.default_rng(0)
    )
    assert given["tokens"].shape[2] == dim
    batch = torch.export.Dim("batch", min=1, max=MOST_PICTURES)
    rows = torch.export.Dim("rows", min=8, max=512)
    columns = torch.export.Dim("columns", min=8, max=512)
    free = {name: {0: batch} for name in given} | {"noise": {0: batch, 2: rows, 3: columns}}
    example = {name: torch.from_numpy(a) for name, a in given.items()}
    export_graph(painter, example, "picture", free, path, weights, eight_bits)


class _in_half:  # noqa: N801 - reads as what it does in a with statement
    """Lets a painter's networks be and work in half precision for a while."""

    def __init__(self, painter: TurboPainter, really: bool) -> None:
        self._painter, self._really = painter, really

    def __enter__(self) -> None:
        if self._really:
            self._painter.unet.half()
            self._painter.vae.half()
            self._painter.computed = torch.float16

    def __exit__(self, *failure: object) -> None:
        if self._really:
            self._painter.unet.float()
            self._painter.vae.float()
            self._painter.computed = torch.float32


def _bounds(wanted: BuildRequest, diffusion: Any) -> list[tuple[int, int, int, int]]:
    """Latents of one scene and of a scene's worth of panels: both bounds of the batch."""
    factor, channels = diffusion.factor, diffusion.channels
    (h, w), (ph, pw) = wanted.size, wanted.panel
    return [(1, channels, h // factor, w // factor), (5, channels, ph // factor, pw // factor)]


def _check_sizes(wanted: BuildRequest, factor: int) -> None:
    for what, (height, width) in (("--size", wanted.size), ("--panel", wanted.panel)):
        if min(height, width) < 8 * factor or height % factor or width % factor:
            raise CheckpointError(
                f"{what} {width}x{height} cannot be painted: give multiples of {factor}, at least "
                f"{8 * factor}"
            )


def _check_room(wanted: BuildRequest, plan: Plan, labels: int) -> None:
    """Disk for the work and the bundle, memory for torch and the runtime beside one another."""
    single = plan.unet_bytes + plan.vae_bytes
    part = 1.0 if wanted.precision == "fp32" else 0.5
    prompts = (labels + len(empty_places())) * 3 * plan.text_length * plan.text_width * 4
    stored = int(part * (single + prompts))
    check_disk(wanted.out, 2 * stored + SPARE)
    opened = len(wanted.steps) * (single + stored)
    check_memory(
        max(plan.text_bytes, single + opened) + 2 * prompts + SPARE,
        "close other programs, or export on a larger machine: the bundle runs anywhere",
    )


def check_target(out: Path) -> None:
    """Raise CheckpointError where a bundle would take the place of something else."""
    if out.exists() and not out.is_dir():
        raise CheckpointError(f"{out} is a file; name a folder for the bundle with -o")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST_NAME).is_file():
        raise CheckpointError(
            f"{out} holds other files than a bundle; name an empty folder with -o"
        )
