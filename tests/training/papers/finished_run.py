"""A run as it lies on the disk when training is over, with nothing learnt."""

from __future__ import annotations

from pathlib import Path

import torch

from training.papers.harness.runs import Run, begin, finish
from training.papers.systems.build import build
from training.papers.tiny.everything import tiny_request


def finished_run(folder: Path, system: str, generator: str) -> Path:
    """Write a tiny one into a folder, and return that."""
    asked = tiny_request(system, generator, folder / "tiny")
    run = Run(
        system, generator, dict(asked.checkpoints), {"": "none"}, 0, 4, 2, asked.targets,
        asked.background, asked.gan_class, asked.seconds, asked.width, asked.steps,
    )  # fmt: skip
    torch.manual_seed(1)
    begin(folder, run)
    finish(folder, build(run.request))
    return folder
