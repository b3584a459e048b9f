"""A run that was killed and goes on ends where one ends that was not."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from training.loop.checkpoints import load_checkpoint
from training.papers import train

ROOT = Path(__file__).parents[4]
STEPS = 6


def given(world: Path, out: Path) -> list[str]:
    return [
        "--system", "sound2vision", "--data", str(world), "--smoke", "--steps", str(STEPS),
        "--save-every", "1", "-o", str(out),
    ]  # fmt: skip


def test_killed_and_resumed_equals_not_killed(world: Path, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert train.main(given(world, whole)) == 0
    wanted = load_file(whole / "weights.safetensors")
    process = subprocess.Popen(
        [sys.executable, "-m", "training.papers.train", *given(world, broken)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    checkpoint, until = broken / "hearing.pt", time.monotonic() + 600
    while time.monotonic() < until and process.poll() is None:
        saved = load_checkpoint(checkpoint)
        if saved and saved["step"] >= 2:
            break
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert not (broken / "weights.safetensors").exists(), "it ended before it could be killed"
    saved = load_checkpoint(checkpoint)
    assert saved
    assert 2 <= saved["step"] < STEPS
    assert train.main(given(world, broken)) == 0
    found = load_file(broken / "weights.safetensors")
    assert found.keys() == wanted.keys()
    for name, weight in wanted.items():
        assert torch.equal(found[name], weight), name
    # once more: there is nothing left to do, and nothing changes
    before = (broken / "hearing.pt").read_bytes()
    assert train.main(given(world, broken)) == 0
    assert (broken / "hearing.pt").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (["--system", "av_gas"], "holds a run with system sound2vision, not av_gas"),
        (["--seed", "3"], "holds a run with seed 0, not 3"),
        (["--split", "test"], "test"),
        (["--data", "hearing=nowhere"], "nowhere"),
        (["--data", "seeing=x"], "no such stage to train; it has hearing"),
        (["--with", "ears=x"], "roles are clap"),
        (["--batch", "0"], "1 or more"),
    ],
)
def test_what_is_wrong_is_one_line(
    change: list[str], told: str, world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if told.startswith("holds a run"):
        assert train.main([*given(world, tmp_path), "--steps", "1"]) == 0
        capsys.readouterr()
        change = [*change, "--steps", "1"]
    with pytest.raises(SystemExit) as ended:
        train.main([*given(world, tmp_path), *change])
    assert ended.value.code == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(lines) == 1
    assert told in lines[0]


def test_public_checkpoints_are_asked_for_by_role(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        train.main(["--system", "macs", "--data", str(world), "-o", str(tmp_path)])
    told = capsys.readouterr().err
    assert "macs with sd needs clap" in told
    assert "--with clap=PLACE" in told
    assert not (tmp_path / "run.json").exists()


def test_an_unfinished_run_does_not_paint(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from training.papers import paint

    assert train.main([*given(world, tmp_path), "--steps", "1"]) == 0
    (tmp_path / "weights.safetensors").unlink()
    sound = tmp_path / "a.wav"
    sound.write_bytes(b"no sound")
    for run, told in ((tmp_path, "is not finished"), (tmp_path / "tiny", "holds no run")):
        with pytest.raises(SystemExit):
            paint.main(["--run", str(run), str(sound), "-o", str(tmp_path / "out")])
        assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
