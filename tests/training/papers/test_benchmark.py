"""The data set that anyone can make, and systems compared on it by the judge."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from tests.training.papers.finished_run import finished_run
from training.judge.network import Judge, final_path
from training.loop.trainer import save_checkpoint
from training.papers import compare, make_world, prepare
from training.vocabulary import LABELS


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("world")
    assert make_world.main(["-o", str(home / "clips"), "--train", "1", "--test", "3"]) == 0
    out = home / "shards"
    assert prepare.main(["manifest", "--root", str(home / "clips"), "-o", str(out)]) == 0
    return out


def test_every_clip_has_a_picture_and_a_sound_of_two_labels(shards: Path) -> None:
    clips = shards.parent / "clips"
    rows = list(csv.DictReader((clips / "manifest.csv").open()))
    assert [row["split"] for row in rows] == ["train", "test", "test", "test"]
    for row in rows:
        first, second = row["labels"].split(";")
        assert first != second
        assert {first, second} <= set(LABELS)
        sound, rate = soundfile.read(clips / row["audio"])
        assert (len(sound), rate) == (160_000, 16_000)
        assert 0.01 < np.abs(sound).max() <= 1
        with Image.open(clips / row["image"]) as picture:
            assert picture.size == (256, 256)
    one = clips / rows[0]["audio"]
    before = one.read_bytes()
    (clips / rows[0]["image"]).unlink()
    one.unlink()
    assert make_world.main(["-o", str(clips), "--train", "1", "--test", "3"]) == 0
    assert one.read_bytes() == before


def test_runs_are_compared_between_their_floor_and_the_ceiling(
    shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = finished_run(tmp_path / "run", "sound2vision", "gan")
    torch.manual_seed(2)
    judge, path = Judge(width=16), tmp_path / "judge.pt"
    facts = {"width": 16, "threshold": 0.04}
    save_checkpoint(final_path(path), {"model": judge.state_dict(), "facts": facts})
    asked = [str(run), "--data", str(shards), "--judge", str(path)]
    assert compare.main(asked) == 0
    assert "sound2vision" in capsys.readouterr().out
    told = json.loads((tmp_path / "compare.json").read_text())[str(run)]["scores"]
    names = [each["name"] for each in told]
    assert names == ["CRS-judge", "R@2*-judge", "FID-judge", *["AIS-judge"] * 3]
    for each in told:
        assert each["count"] == 3
        assert each["weights"]
        if each["name"] != "FID-judge":
            assert each["true"] is not None
            assert each["shuffled"] is not None
