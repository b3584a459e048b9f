"""The command: a localiser that learns, frames that are chosen, and a system that is trained on
them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.papers.selection.films import right_of, write_films
from training.loop.checkpoints import load_checkpoint
from training.papers import select, train
from training.papers.datasets.shards import read_shards
from training.papers.harness.batches import Wanted, batches, square
from training.papers.harness.command import open_accelerator
from training.papers.harness.runs import read_run
from training.papers.harness.trainer import Settings, train_stage
from training.papers.selection.choose import all_chosen, choose
from training.papers.selection.frames import Frames, read_frames, write_frames
from training.papers.selection.localiser import LOCALISING, build_localiser
from training.papers.tiny.ears import write_resnet

ROOT = Path(__file__).parents[4]
STEPS = 4


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_films(tmp_path_factory.mktemp("films") / "shards")


def given(films: Path, out: Path) -> list[str]:
    return [
        "--data", str(films), "--smoke", "--steps", str(STEPS), "--save-every", "1", "-o", str(out),
    ]  # fmt: skip


def test_the_frame_that_shows_what_is_heard_is_found(films: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    localiser = build_localiser(None, 8, 1.0)
    stage, settings = replace(LOCALISING, rate=1e-3), Settings(6, steps=60, whole=6)

    def right() -> int:
        choose(localiser.eval(), films, tmp_path / "kept", str(len(found)), 2, 0, 1)
        chosen = all_chosen(films, tmp_path / "kept", str(len(found)))
        assert {count for _, count in chosen.values()} == {10}
        assert len(chosen) == 12 + 9
        return sum(chosen[f"test{i}"][0] == right_of(i) for i in range(9))

    found: list[int] = []
    found.append(right())
    train_stage(localiser, stage, films, tmp_path / "a.pt", settings, open_accelerator(None))
    found.append(right())
    assert found[0] < 5
    assert found[1] >= 8


def test_stopped_and_resumed_equals_not_stopped_and_twice_is_the_same(
    films: Path, tmp_path: Path
) -> None:
    whole, again, broken = tmp_path / "whole", tmp_path / "again", tmp_path / "broken"
    for out in (whole, again):
        assert select.main(given(films, out)) == 0
    wanted = (whole / "frames.json").read_bytes()
    assert (again / "frames.json").read_bytes() == wanted
    process = subprocess.Popen(
        [sys.executable, "-m", "training.papers.select", *given(films, broken)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    until = time.monotonic() + 600
    while time.monotonic() < until and process.poll() is None:
        saved = load_checkpoint(broken / "localising.pt")
        if saved and saved["step"] >= 1:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (broken / "frames.json").exists(), "it ended before it could be killed"
    assert select.main(given(films, broken)) == 0
    assert (broken / "frames.json").read_bytes() == wanted
    # half of the shards are chosen from: the rest follows, and what is there stays
    kept = sorted((broken / "chosen").iterdir())
    kept[0].unlink()
    before = kept[1].stat().st_mtime_ns
    (broken / "frames.json").unlink()
    assert select.main(given(films, broken)) == 0
    assert (broken / "frames.json").read_bytes() == wanted
    assert kept[1].stat().st_mtime_ns == before


def test_a_system_learns_from_the_chosen_frames(films: Path, tmp_path: Path) -> None:
    numbers = {f"train{i}": i % 10 for i in range(12)}
    file = tmp_path / "frames.json"
    write_frames(file, Frames("hand", numbers))
    assert read_frames(file).frames == numbers
    reader = read_shards(films, "train")
    pictures = {sample.key: sample.pictures for sample in reader}
    (found,) = batches([reader], Wanted(16_000, 16_000, 16, numbers), 12, 0, 2)
    assert found.pictures is not None
    for key, seen in zip(found.keys, found.pictures.numpy(), strict=True):
        assert (seen == square(pictures[key][numbers[key]], 16)).all()
    asked = ["--system", "sound2vision", "--data", str(films), "--smoke"]
    runs = {"middle": [], "chosen": ["--frames", str(file)]}
    for name, more in runs.items():
        assert train.main([*asked, *more, "-o", str(tmp_path / name)]) == 0
    weights = [(tmp_path / name / "weights.safetensors").read_bytes() for name in runs]
    assert weights[0] != weights[1]
    assert read_run(tmp_path / "middle").frames is None
    assert len(read_run(tmp_path / "chosen").frames or "") == 64


def test_the_eye_may_begin_as_a_public_resnet(films: Path, tmp_path: Path) -> None:
    write_resnet(tmp_path / "resnet18.pth", 18)
    seen = ["--seen", str(tmp_path / "resnet18.pth"), "--steps", "1"]
    assert select.main([*given(films, tmp_path / "run"), *seen]) == 0
    assert json.loads((tmp_path / "run" / "run.json").read_text())["seen"] == seen[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"by": "x", "frames": {"train0": 1}}', "have none for clip"),
        ('{"by": "x", "frames": {"train0": -1}}', "a frame below 0"),
        ('{"ID_1000_2000": [1, 2]}', "no file of chosen frames"),
        ("\ufeff{", "no file of chosen frames"),
    ],
)
def test_frames_that_do_not_fit_are_one_line(
    text: str, told: str, films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "frames.json"
    file.write_text(text, "utf-8")
    asked = ["--system", "sound2vision", "--data", str(films), "--smoke", "--frames", str(file)]
    with pytest.raises(SystemExit) as ended:
        train.main([*asked, "-o", str(tmp_path / "run")])
    assert ended.value.code == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(lines) == 1
    assert told in lines[0]


def test_another_run_s_folder_is_refused(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert select.main(given(films, tmp_path)) == 0
    for change, told in (["--seed", "4"], "with seed 0, not 4"), (["--steps", "9"], "steps 4, not"):
        with pytest.raises(SystemExit):
            select.main([*given(films, tmp_path), *change])
        assert told in capsys.readouterr().err
    asked = ["--system", "sound2vision", "--data", str(films), "--smoke", "-o", str(tmp_path)]
    with pytest.raises(SystemExit):
        train.main(asked)
    assert "of another command" in capsys.readouterr().err
