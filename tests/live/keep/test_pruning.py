"""What is kept stays within its size: the oldest goes, and nothing that is not the show's."""

import os
import re
from pathlib import Path

import pytest

from live.keep.pruning import Family, Pruner, numbered
from tests.until import until


@pytest.fixture
def told():
    return []


def write(path: Path, size: int, age_s: float) -> Path:
    path.write_bytes(b"x" * size)
    os.utime(path, (1_000_000 - age_s,) * 2)
    return path


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_the_oldest_go_whatever_their_kind_and_the_newest_of_each_stays(tmp_path, told):
    write(tmp_path / "show.mp4", 400, 50)
    write(tmp_path / "show-20261127-101500.mp4", 400, 30)
    write(tmp_path / "show-20261127-111500.mp4", 400, 10)
    write(tmp_path / "events-20261127-000000.jsonl", 400, 40)
    write(tmp_path / "events.jsonl", 400, 20)
    pruner = Pruner(1300, told.append)
    pruner.add(numbered(tmp_path / "show.mp4"))
    pruner.add(numbered(tmp_path / "events.jsonl"))
    pruner.sweep()
    kept = {"show-20261127-101500.mp4", "show-20261127-111500.mp4", "events.jsonl"}
    assert names(tmp_path) == kept
    pruner.most_bytes = 500
    pruner.sweep()
    assert names(tmp_path) == {"show-20261127-111500.mp4", "events.jsonl"}
    pruner.sweep()
    assert len(told) == 1
    assert "nothing older can be removed" in told[0]


def test_files_of_others_are_left_and_not_counted(tmp_path, told):
    others = ("showreel.mp4", "show.mp4.part", "show-final.mp4", "my show.mp4", "show.mov")
    for name in others:
        write(tmp_path / name, 5000, 90)
    (tmp_path / "show-2.mp4").mkdir()
    (tmp_path / "show-3.mp4").symlink_to(tmp_path / "show.mov")
    write(tmp_path / "show.mp4", 100, 5)
    pruner = Pruner(200, told.append)
    pruner.add(numbered(tmp_path / "show.mp4"))
    pruner.sweep()
    assert names(tmp_path) == {*others, "show.mp4", "show-2.mp4", "show-3.mp4"}
    assert not told


def test_recordings_of_other_days_are_of_the_same_family():
    family = numbered(Path("/videos/soundglass-20261127-101500.mp4"))
    for name in ("soundglass-20251231-000000.mp4", "soundglass-20261127-101500-2.mp4"):
        assert family.names.fullmatch(name)
    assert not family.names.fullmatch("soundglass-demo.mp4")


def test_it_looks_by_itself_and_survives_a_folder_that_goes(tmp_path, told, monkeypatch):
    monkeypatch.setattr("live.keep.pruning.SWEEP_S", 0.02)
    pruner = Pruner(1000, told.append)
    pruner.add(Family(tmp_path / "gone", re.compile(".*")))
    pruner.add(Family(tmp_path, re.compile(r"frame-\d+\.png")))
    pruner.start()
    try:
        for number in range(20):
            write(tmp_path / f"frame-{number:06}.png", 100, 100 - number)
        until(lambda: len(list(tmp_path.iterdir())) == 10)
        assert min(names(tmp_path)) == "frame-000010.png"
    finally:
        pruner.stop()
