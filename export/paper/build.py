"""Builds a bundle from the run of a paper's system."""

from __future__ import annotations

import gc
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx_ir as ir
import torch
from torch import nn

from engine.bundle.load import Bundle, load_bundle
from export.bundle.space import SPARE, check_disk
from export.bundle.write import write_bundle
from export.graph.weights_file import SHARED, WeightsFile
from export.paper.card import card, facts
from export.paper.listening import condition_table
from export.paper.painter import Asked, DiffusionPainter, GanPainter
from export.paper.request import MOST_STEPS, PaperRequest
from export.paper.sampler import unroll
from export.turbo.build import EARS, check_target, neutral_places
from export.turbo.check import LIMITS, Inputs, compare, random_conditions
from export.turbo.graph import StoredWeights, export_graph
from training.papers.checkpoints.error import CheckpointError
from training.papers.harness.runs import load_run, read_run
from training.papers.harness.system import System
from training.papers.models.generators.bridges import SlotBridge
from training.papers.models.generators.diffusion import Diffusion
from training.papers.models.generators.gan import Gan

MOST_PICTURES = 31
"""Largest batch: guidance doubles it, and from 64 on diffusers goes another road."""
_STORED = {"fp32": ir.DataType.FLOAT, "bf16": ir.DataType.BFLOAT16}


def build(wanted: PaperRequest) -> Bundle:
    """Export, check and write the bundle. Raises BundleError or InputError, one line, and then
    leaves nothing."""
    check_target(wanted.out)
    run, ears = read_run(wanted.run), load_bundle(wanted.ears)
    system = load_run(wanted.run)
    steps = _steps(system, wanted.steps)
    table = condition_table(system, ears.manifest.labels, wanted.takes)
    needed = 4 * (sum(p.numel() for p in system.generator.parameters()) + table.numel())  # pyright: ignore
    check_disk(wanted.out, 2 * needed + SPARE)
    wanted.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wanted.out.parent, prefix=".paper-") as name:
        work, errors = Path(name), {}
        painters = {n: _painter(system, table, ears, n) for n in steps}
        with WeightsFile(work / SHARED) as file:
            weights = StoredWeights(file, _STORED[wanted.precision])
            for number, painter in painters.items():
                _export(painter, ears, weights, work / f"generator-{number}.onnx")
        for number, painter in painters.items():
            path = work / f"generator-{number}.onnx"
            trials = _trials(ears, _bounds(system, painter), np.random.default_rng())
            errors[path.name] = compare(painter, path, trials, LIMITS[wanted.precision])
        painter = painters[steps[0]]
        told = facts(
            wanted, run, ears, steps, system.generator.pixels, painter.channels, painter.factor,
            errors,
        )  # fmt: skip
        del painters, painter, system, table
        gc.collect()
        for role, name in EARS.items():
            shutil.copyfile(ears.path(role), work / name)
        np.save(work / "places.npy", neutral_places(len(ears.manifest.labels)))
        (work / "CARD.md").write_text(card(told), encoding="utf-8")
        write_bundle(work, wanted.out, told)
    return load_bundle(wanted.out)


def _steps(system: System, asked: tuple[int, ...]) -> tuple[int, ...]:
    generator = system.generator
    if isinstance(generator, Gan):
        if asked not in ((), (1,)):
            raise CheckpointError("a GAN paints in one step; leave --steps out")
        return (1,)
    assert isinstance(generator, Diffusion)
    found = asked or (generator.steps,)
    if not all(1 <= n <= MOST_STEPS for n in found):
        raise CheckpointError(f"--steps must be 1 to {MOST_STEPS}, not {max(found)}")
    return found


def _painter(system: System, table: torch.Tensor, ears: Bundle, steps: int) -> Any:
    generator: Any = system.generator
    bridge = getattr(generator, "bridge", None)
    slots = bridge.takes.tokens if isinstance(bridge, SlotBridge) else None
    words = torch.from_numpy(np.array(ears.vocabulary))
    asked = Asked(words, table, ears.manifest.label_temperature, slots)
    if isinstance(generator, Gan):
        return GanPainter(asked, generator).eval()
    return DiffusionPainter(asked, generator, unroll(generator._solver, steps)).eval()


def _export(painter: nn.Module, ears: Bundle, weights: StoredWeights, path: Path) -> None:
    channels: Any = painter.channels
    (given,) = _trials(ears, [(2, channels, 12, 20)], np.random.default_rng(0))
    batch = torch.export.Dim("batch", min=1, max=MOST_PICTURES)
    rows = torch.export.Dim("rows", min=8, max=512)
    columns = torch.export.Dim("columns", min=8, max=512)
    free = {name: {0: batch} for name in given} | {"noise": {0: batch, 2: rows, 3: columns}}
    example = {name: torch.from_numpy(a) for name, a in given.items()}
    export_graph(painter, example, "picture", free, path, weights)


def _bounds(system: System, painter: Any) -> list[tuple[int, int, int, int]]:
    side = system.generator.pixels // painter.factor
    return [(batch, painter.channels, side, side) for batch in (1, 3, 5)]


def _trials(
    ears: Bundle, latents: list[tuple[int, int, int, int]], rng: np.random.Generator
) -> list[Inputs]:
    """Conditions without light, season and style, which no paper's painter knows."""
    found = random_conditions(np.array(ears.vocabulary), ears.manifest.sources, latents, rng)
    return [{k: v for k, v in one.items() if k != "atmosphere"} for one in found]
