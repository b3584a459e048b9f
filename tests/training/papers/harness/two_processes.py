"""Trains a tiny system as one process of several; run by torchrun, see test_processes.py."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import torch
from accelerate import Accelerator
from torch.optim import SGD

from training.papers.harness.trainer import OPTIMISERS, Settings, learned, train_stage
from training.papers.systems.build import build
from training.papers.tiny.everything import tiny_request

RATES = {"macs": 1e-4, "av_gas": 1e-2, "seeing_sound": 1e-2, "sound2vision": 1e-2}
"""MACS's first layer sees powers of hundreds: longer steps make much of a rounding."""


def train(system: str, generator: str, tiny: Path, world: Path, out: Path, batch: int) -> None:
    """Train every stage, the data in two streams, and write what this process has learnt.

    By plain descent: Adam makes steps of the same length out of gradients that are nothing but
    rounding, such as those of biases before a batch norm.
    """
    OPTIMISERS["SGD"] = SGD
    accelerator = Accelerator(cpu=True, mixed_precision="no")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    made = build(tiny_request(system, generator, tiny, targets="both"))
    settings = Settings(batch, steps=2, whole=4, streams=2, workers=1)
    for stage in made.stages:
        stage = replace(stage, optimiser="SGD", rate=RATES[system], warm_up=0.0)
        train_stage(made, stage, world, out / f"{stage.name}.pt", settings, accelerator)
    found = learned(made, [stage.name for stage in made.stages])
    torch.save(found, out / f"rank{accelerator.process_index}.pt")


if __name__ == "__main__":
    for asked in json.loads(sys.argv[1]):
        train(*asked[:2], *(Path(place) for place in asked[2:5]), asked[5])  # type: ignore[arg-type]
