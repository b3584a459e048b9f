"""Every system with every generator that its condition fits: two steps a stage, and pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image
from safetensors.torch import load_file

from tests.training.papers.world import RATE_HZ, sound
from training.papers import ear, paint, train
from training.papers.harness.runs import load_run
from training.papers.models.resnet import read_resnet
from training.papers.tiny.ears import FEATURE

FITTING = [
    ("macs", "sd"), ("macs", "pixart"), ("av_gas", "gan"), ("av_gas", "sd"),
    ("seeing_sound", "pixart"), ("seeing_sound", "sd"), ("sound2vision", "gan"),
    ("sound2vision", "pixart"),
]  # fmt: skip
PANELS = {"macs": 6, "av_gas": 2, "seeing_sound": 0, "sound2vision": 0}


@pytest.mark.parametrize(("system", "generator"), FITTING)
def test_two_steps_and_pictures(system: str, generator: str, world: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    given = ["--system", system, "--generator", generator, "--data", str(world), "--smoke"]
    assert train.main([*given, "-o", str(run)]) == 0
    sounds = [tmp_path / "-rain.wav", tmp_path / "_dog.wav"]
    for number, path in enumerate(sounds):
        soundfile.write(path, sound(number, 0.4 + number), RATE_HZ)
    out = tmp_path / "out"
    told = ["--run", str(run), "-o", str(out), "--panels", "--", *map(str, sounds)]
    assert paint.main(told) == 0
    names = {path.stem for path in out.glob("*.png")}
    numbers = ["", *(f"-{i + 1}" for i in range(PANELS[system]))]
    assert names == {f"{path.stem}{number}" for path in sounds for number in numbers}
    pictures = [np.asarray(Image.open(out / f"{path.stem}.png")) for path in sounds]
    assert pictures[0].shape == (32, 32, 3)
    assert not np.array_equal(*pictures)
    # a picture is of its sound and its seed, not of what is painted beside it
    loaded = load_run(run)
    both = torch.from_numpy(np.stack([sound(0, 1.0), sound(1, 1.0)]))
    together, alone = loaded.paint(both, [5, 6]).scene[1], loaded.paint(both[1:], [6]).scene[0]
    assert (together.int() - alone.int()).abs().max() <= 1
    # nothing but what the stages train is in the run, and all of it is finite
    weights = load_file(run / "weights.safetensors")
    assert not [name for name in weights if name.startswith(("clap.", "eye.", "generator.network"))]
    assert all(weight.isfinite().all() for weight in weights.values())
    assert json.loads((run / "run.json").read_text())["generator"] == generator


@pytest.mark.parametrize("system", ["macs", "seeing_sound"])
def test_what_does_not_fit_is_one_line(
    system: str, world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--system", system, "--generator", "gan", "--data", str(world), "--smoke"]
    with pytest.raises(SystemExit) as ended:
        train.main([*given, "-o", str(tmp_path / "run")])
    assert ended.value.code == 2
    told = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(told) == 1
    assert "gan takes 1 token of 128 numbers: choose another --generator" in told[0]


@pytest.mark.parametrize("targets", ["a2v", "both"])
def test_av_gas_aligns_with_pictures_too(targets: str, world: Path, tmp_path: Path) -> None:
    given = ["--system", "av_gas", "--data", str(world), "--smoke", "--targets", targets]
    assert train.main([*given, "--validation", "val", "-o", str(tmp_path)]) == 0
    assert load_run(tmp_path).stages[0].pixels == 224
    saved = torch.load(tmp_path / "hearing.pt", weights_only=True)
    assert np.isfinite(saved["best"]["loss"])


def test_the_ear_of_sound2vision_teaches_av_gas(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, file = tmp_path / "run", tmp_path / "new" / "heard.safetensors"
    given = ["--system", "sound2vision", "--data", str(world), "--smoke", "--steps", "1"]
    assert train.main([*given, "-o", str(run)]) == 0
    assert ear.main([str(run), "-o", str(file)]) == 0
    heard = read_resnet(file, 18, 1, FEATURE)
    system = load_run(run)
    weight = system.get_parameter("ear.network.layer2.0.conv1.weight")
    assert torch.equal(heard.get_parameter("layer2.0.conv1.weight"), weight)
    with pytest.raises(SystemExit):
        ear.main([str(tmp_path), "-o", str(file)])
    assert "holds no run" in capsys.readouterr().err
