"""What `training.papers.bench` measures: the trainer's own steps, and what of them is no model."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from torch import nn

from training.papers import bench


def test_the_clock_takes_in_model_calls_and_nothing_before_it_is_warm(monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr(bench.time, "perf_counter", lambda: now[0])

    class Slow(nn.Linear):
        def forward(self, given: torch.Tensor) -> torch.Tensor:
            now[0] += 3
            return super().forward(given)

    model, clock = Slow(1, 1), bench.Clock()
    optimiser = torch.optim.SGD(model.parameters(), 0.1)
    with clock.watching(model):
        for _ in range(bench.WARM + 2):
            now[0] += 1  # waiting for data
            loss = model(torch.ones(1, 1)).sum()
            clock.enter()
            loss.backward()
            clock.leave()
            optimiser.step()
    assert (clock.steps, clock.seconds, clock.inside_s) == (bench.WARM + 2, 8.0, 6.0)
    model(torch.ones(1, 1))
    assert clock.inside_s == 6.0


def test_it_prints_what_was_measured(world: Path, capsys) -> None:
    words = ["--system", "sound2vision", "--data", str(world), "--batch", "2", "--steps", "1"]
    assert bench.main(words) == 0
    loading, training = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"loading 8 clips alone: .* a second, \d+ MB more than .*", loading)
    assert "training sound2vision hearing: " in training
    assert re.search(r" 1 process\(es\) of 2 clips, \d+ ms a step, \d+\.\d % of it", training)
