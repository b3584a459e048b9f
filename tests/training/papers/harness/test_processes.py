"""Two processes train as one with the doubled batch, and end with the same weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import torch

from tests.training.papers.harness.two_processes import train
from training.papers.tiny.everything import tiny_request

ROOT = Path(__file__).parents[4]
PAIRS = [("macs", "sd"), ("av_gas", "gan"), ("seeing_sound", "pixart"), ("sound2vision", "sd")]


def test_two_processes_are_one_with_the_doubled_batch(
    world: Path, tiny: Path, tmp_path: Path
) -> None:
    asked = []
    for system, generator in PAIRS:
        tiny_request(system, generator, tiny)
        (tmp_path / "two" / system).mkdir(parents=True)
        (tmp_path / "one" / system).mkdir(parents=True)
        asked.append([system, generator, *map(str, (tiny, world, tmp_path / "two" / system)), 2])
    script = Path(__file__).with_name("two_processes.py")
    done = subprocess.run(
        [
            sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2",
            str(script), json.dumps(asked),
        ],
        cwd=ROOT, capture_output=True, text=True, timeout=900, env=_environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    for system, generator in PAIRS:
        train(system, generator, tiny, world, tmp_path / "one" / system, 4)
        one = torch.load(tmp_path / "one" / system / "rank0.pt", weights_only=True)
        two = [
            torch.load(tmp_path / "two" / system / f"rank{rank}.pt", weights_only=True)
            for rank in (0, 1)
        ]
        for name, weight in one.items():
            assert torch.equal(two[0][name], two[1][name]), (system, name)
            assert torch.allclose(two[0][name], weight, rtol=1e-5, atol=1e-5), (system, name)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
