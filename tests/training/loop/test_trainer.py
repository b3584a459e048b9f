"""The one training loop: it learns, stops between steps, and goes on where it was."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from training.loop.trainer import (
    MovingAverage,
    Step,
    best_device,
    cosine_rate,
    load_checkpoint,
    train_for,
)


def _line() -> nn.Linear:
    torch.manual_seed(3)
    return nn.Linear(4, 1)


def _loss(model: nn.Module):
    def loss_of(step: Step) -> Tensor:
        x = step.put(step.rng.standard_normal((16, 4), np.float32))
        with step.autocast():
            made = model(x)
        return (made.float() - x.sum(1, keepdim=True)).square().mean()

    return loss_of


def _loaded(path: Path) -> dict:
    saved = load_checkpoint(path)
    assert saved is not None
    return saved


def test_learns_logs_and_leaves_the_model_as_it_was_wrapped(tmp_path: Path) -> None:
    model = _line()
    average = train_for(1, tmp_path / "line.pt", model, _loss(model), 0.1, "line", steps=150)
    assert (average.state["weight"] - 1).abs().max() < 0.2
    assert "forward" not in vars(model)  # nothing of the run stays on it
    assert model.weight.device.type == "cpu"
    assert list((tmp_path / "tensorboard" / "line").iterdir())


def test_goes_on_where_it_was_with_the_same_result(tmp_path: Path) -> None:
    ways = []
    for cuts in ((12,), (5, 12)):
        out = tmp_path / f"{len(cuts)}.pt"
        for steps in cuts:
            model = _line()
            train_for(1, out, model, _loss(model), 0.0, "line", steps=steps, decay=0.5)
        ways.append(_loaded(out))
    assert ways[0]["step"] == ways[1]["step"] == 12
    torch.testing.assert_close(ways[0]["average"], ways[1]["average"])


def test_share_goes_on_when_resumed(tmp_path: Path) -> None:
    seen: list[float] = []

    def run(steps: int, stop_at: int) -> None:
        model = _line()
        loss = _loss(model)

        def loss_of(step: Step) -> Tensor:
            seen.append(step.share)
            if step.number == stop_at:
                os.kill(os.getpid(), signal.SIGTERM)
            return loss(step)

        train_for(1, tmp_path / "x.pt", model, loss_of, 0.01, "x", steps=steps)

    with pytest.raises(SystemExit):
        run(10, stop_at=3)
    assert _loaded(tmp_path / "x.pt")["step"] == 4  # the step under way was finished
    run(10, stop_at=-1)
    assert seen == pytest.approx([i / 10 for i in range(10)])


def test_ctrl_c_leaves_a_whole_checkpoint(tmp_path: Path) -> None:
    # a shell that starts the tests in its background has them ignore Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
    model = _line()
    loss = _loss(model)

    def loss_of(step: Step) -> Tensor:
        os.kill(os.getpid(), signal.SIGINT)
        return loss(step)

    with pytest.raises(KeyboardInterrupt):
        train_for(1, tmp_path / "x.pt", model, loss_of, 0.01, "x")
    assert _loaded(tmp_path / "x.pt")["step"] == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_a_loss_trains_itself_is_kept_and_what_it_asks_is_not_trained(tmp_path: Path) -> None:
    frozen = nn.Linear(4, 1)

    def run(steps: int) -> nn.Module:
        model, averaged, judge = _line(), _line(), nn.Linear(1, 1)
        nn.init.zeros_(judge.weight)
        optimiser = torch.optim.SGD(judge.parameters(), 0.1)

        def loss_of(step: Step) -> Tensor:
            assert not frozen.weight.requires_grad
            assert step.average.state["weight"].data_ptr() == averaged.weight.data_ptr()
            ((judge.weight - 1) ** 2).sum().backward()
            optimiser.step()
            optimiser.zero_grad()
            return _loss(model)(step)

        beside = {"judge": judge, "judge_optimiser": optimiser}
        train_for(
            1, tmp_path / "x.pt", model, loss_of, 0.01, "x", steps=steps,
            beside=beside, frozen=(frozen,), averaged=averaged,
        )  # fmt: skip
        return judge

    run(3)
    judge = run(6)
    assert float(judge.state_dict()["weight"]) == pytest.approx(1 - 0.8**6, abs=1e-4)


def test_checks_are_kept(tmp_path: Path) -> None:
    model = _line()
    at: list[int] = []

    def check(step: Step) -> dict[str, float]:
        at.append(step.average.steps)
        return {"accuracy": 0.5}

    loss = _loss(model)
    train_for(1, tmp_path / "x.pt", model, loss, 0.01, "x", steps=5, check=check, check_every=2)
    assert at == [2, 4, 5]
    assert _loaded(tmp_path / "x.pt")["facts"] == {"accuracy": 0.5}


def test_a_run_without_time_trains_nothing(tmp_path: Path) -> None:
    model = _line()
    train_for(0, tmp_path / "x.pt", model, _loss(model), 0.01, "x")
    assert _loaded(tmp_path / "x.pt")["step"] == 0


def test_the_average_follows_and_takes_over_buffers() -> None:
    model = nn.BatchNorm1d(3)
    average = MovingAverage(model, decay=0.9)
    with torch.no_grad():
        model.weight.fill_(2.0)
        model.num_batches_tracked.fill_(7)
    for _ in range(200):
        average.update(model)
    torch.testing.assert_close(average.state["weight"], torch.full((3,), 2.0))
    assert int(average.state["num_batches_tracked"]) == 7


def test_the_rate_rises_and_falls() -> None:
    assert cosine_rate(0.0) < 0.1
    assert cosine_rate(0.02) == pytest.approx(1.0)
    assert cosine_rate(1.0) == pytest.approx(0.03)


def test_finding_the_device_leaves_the_threads_alone() -> None:
    before = torch.get_num_threads()
    best_device()
    assert torch.get_num_threads() == before
