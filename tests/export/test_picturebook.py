"""From checkpoints to a bundle: what is written loads, and figures can be added later."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle.load import load_bundle
from export import painter, picturebook, sound
from export.bundle import picturebook as picturebook_export
from training.loop.trainer import save_checkpoint
from training.painting.autoencoder import Autoencoder
from training.painting.finish import Finish, Painted
from training.painting.generator import Painter
from training.vocabulary import LABELS
from training.world.scene import AIR


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made of untrained models."""
    runs = tmp_path_factory.mktemp("runs")
    torch.manual_seed(0)
    done = {"step": 7, "spent_s": 90.0}
    save_checkpoint(runs / "autoencoder.final.pt", {"model": Autoencoder().state_dict()})
    painter = Painter(fine=16, coarse=32, deep=1)
    torch.nn.init.normal_(painter.generator.leave.weight, std=0.05)
    save_checkpoint(runs / "student.pt", {"average": painter.state_dict(), **done})
    painted = Painted(Finish(Autoencoder().decoder))
    save_checkpoint(runs / "finish.pt", {"average": painted.state_dict(), **done})
    sound.main(["--random", "-o", str(runs / "hearing")])
    out = runs / "bundle"
    assert picturebook.main([str(runs), "-o", str(out)]) == 0
    return out


def test_places_follow_the_world_s_rules() -> None:
    places = picturebook_export.places()
    assert places.shape == (len(LABELS), 2, 2, 2)
    for label, rules in zip(LABELS, places, strict=True):
        if label in AIR:
            assert (rules == [0.5, 1.0]).all()
        else:
            assert (rules[0, 1, 1] > rules[0, 0, 1]).all(), f"{label} grows when it is loud"
            assert (rules > 0).all()
            assert (rules < 1).all()


def test_what_is_written_loads_and_says_how_it_was_made(bundle: Path) -> None:
    loaded = load_bundle(bundle)
    assert loaded.manifest.labels == LABELS
    assert loaded.manifest.training["student"] == {"steps": 7, "minutes": 1.5}
    np.testing.assert_array_equal(loaded.places, picturebook_export.places())
    told = loaded.manifest.measured["export"]
    assert set(told) == {
        "separator.onnx",
        "encoder.onnx",
        "generator-1.onnx",
        "generator-2.onnx",
    }
    assert told["generator-2.onnx"]["precision"] == "int8"
    assert 0 < told["generator-2.onnx"]["relative_error"]["picture"] < 0.15


def test_figures_are_added_without_touching_the_models(bundle: Path) -> None:
    before = {path.name: path.read_bytes() for path in bundle.glob("*.onnx")}
    row = {"name": "two sounds", "value": 33.0, "unit": "%", "spread": None, "first": 30,
           "push": 55, "note": ""}  # fmt: skip
    figures = {"rows": [row], "command": "somewhere/else", "details": {}}
    picturebook_export.add_figures(bundle, figures)
    loaded = load_bundle(bundle)
    assert loaded.manifest.measured["evaluation"] == {"rows": [row]}
    assert "| two sounds | 33 % | 30 | 55 |  |" in (bundle / "CARD.md").read_text()
    assert {path.name: path.read_bytes() for path in bundle.glob("*.onnx")} == before


def test_other_generators_paint_for_the_same_ear(bundle: Path, tmp_path: Path) -> None:
    runs, mine = tmp_path / "runs", tmp_path / "mine"
    shutil.copytree(bundle, mine)
    runs.mkdir()
    for name in ("autoencoder.final.pt", "finish.pt"):
        shutil.copyfile(bundle.parent / name, runs / name)
    torch.manual_seed(1)
    student = {"average": Painter(fine=16, coarse=32, deep=1).state_dict(), "step": 9}
    save_checkpoint(runs / "student.pt", {**student, "spent_s": 60.0})
    assert painter.main([str(mine), "--runs", str(runs)]) == 0
    before, after = ({p.name: p.read_bytes() for p in at.iterdir()} for at in (bundle, mine))
    changed = {name for name in before if before[name] != after[name]}
    assert changed >= {"generator.weights", "bundle.json"}
    assert not changed & {"encoder.onnx", "separator.onnx", "vocabulary.npy", "places.npy"}
    assert load_bundle(mine).manifest.training["student"]["steps"] == 9


def test_a_folder_or_figures_must_be_named() -> None:
    with pytest.raises(SystemExit):
        picturebook.main(["-o", "nowhere"])
