"""Preparing from the command line: whole or going on, on all cores, one line for each fault."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.training.papers.datasets.killing import kills
from tests.training.papers.datasets.laid_out import lay_out, write_list
from tests.training.papers.datasets.made import write_sound
from tests.until import until
from training.loop.plain_errors import InputError
from training.papers import prepare
from training.papers.datasets import make as make_room
from training.papers.datasets import work
from training.papers.datasets.decode import Taking, take
from training.papers.datasets.layouts.clips import Clip
from training.papers.datasets.layouts.find import read_layout
from training.papers.datasets.make import make_dataset
from training.papers.datasets.plan import plan, told_of
from training.papers.datasets.sample import Sample
from training.papers.datasets.shards import read_shards

ROOT = Path(__file__).parents[4]
CLIPS = 40
HOW = partial(take, taking=Taking())


def planned(root: Path) -> list[work.Task]:
    """What is made of a data set, eight clips a shard."""
    told = partial(told_of, root=root, taking=Taking())
    return plan(read_layout("auto", root).clips, told, 8)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A data set of forty sounds in two splits."""
    root = tmp_path / "many"
    lines = [f"k{n},{n}.wav,{'test' if n % 4 == 0 else 'train'}" for n in range(CLIPS)]
    write_list(root / "manifest.csv", "key,audio,split", *lines)
    for number in range(CLIPS):
        write_sound(root / f"{number}.wav", hz=200.0 + number)
    return root


def run(*given: object) -> int:
    return prepare.main([str(word) for word in given])


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def refused(capsys: pytest.CaptureFixture[str], *given: object) -> str:
    with pytest.raises(SystemExit) as ended:
        run(*given)
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def test_a_data_set_is_prepared_on_several_cores_as_on_one(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert run("auto", "--root", many, "-o", one, "--jobs", 1, "--per-shard", 4) == 0
    told = capsys.readouterr().out
    assert told == f"manifest: 40 clips (test 10, train 30) in {one}\n"
    assert run("auto", "--root", many, "-o", two, "--jobs", 2, "--per-shard", 4) == 0
    assert contents(one) == contents(two)
    assert len(list(read_shards(one, "train"))) == 30
    for rank in range(8):  # a small split is still enough for eight processes
        assert list(read_shards(one, "test", rank, 8))


def test_shards_mix_what_lists_have_in_order(many: Path, tmp_path: Path) -> None:
    run("auto", "--root", many, "-o", tmp_path / "out", "--jobs", 1, "--per-shard", 10)
    keys = [clip.key for clip in read_shards(tmp_path / "out", "train")]
    assert keys != sorted(keys, key=lambda key: int(key[1:]))


def test_one_split_alone(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run("manifest", "--root", many, "-o", out, "--split", "test", "--jobs", 1) == 0
    assert capsys.readouterr().out.startswith("manifest: 10 clips (test 10)")
    error = refused(capsys, "auto", "--root", many, "-o", out, "--split", "eval")
    assert "no clips of split eval: it has test, train" in error


def test_what_is_made_is_not_made_again_and_what_changed_is(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def noted(clip: Clip, taking: Taking) -> Sample:
        taken.append(clip.key)
        return take(clip, taking)

    monkeypatch.setattr(make_room, "take", noted)
    out = tmp_path / "out"
    run("auto", "--root", many, "-o", out, "--jobs", 1, "--per-shard", 4)
    before = contents(out)
    assert len(taken) == CLIPS
    taken.clear()
    run("auto", "--root", many, "-o", out, "--jobs", 1, "--per-shard", 4)
    assert not taken
    assert contents(out) == before
    write_sound(many / "3.wav", seconds=0.75)
    run("auto", "--root", many, "-o", out, "--jobs", 1, "--per-shard", 4)
    assert "k3" in taken
    assert len(taken) <= 4
    (out / "train-00001.tar").unlink()
    (out / "index.json").unlink()
    run("auto", "--root", many, "-o", out, "--jobs", 1, "--per-shard", 4)
    fresh = tmp_path / "fresh"
    run("auto", "--root", many, "-o", fresh, "--jobs", 1, "--per-shard", 4)
    assert contents(out) == contents(fresh)
    run("auto", "--root", many, "-o", out, "--jobs", 1, "--per-shard", 20)
    again = tmp_path / "again"
    run("auto", "--root", many, "-o", again, "--jobs", 1, "--per-shard", 20)
    assert contents(out) == contents(again)  # no shard of the finer plan is left


def test_foreign_files_are_left_and_another_data_set_is_not_overwritten(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.tar").write_bytes(b"mine")
    run("auto", "--root", many, "-o", out, "--jobs", 1)
    assert (out / "mine.tar").read_bytes() == b"mine"
    other = lay_out("fsd50k", tmp_path / "fsd50k")
    error = refused(capsys, "auto", "--root", other, "-o", out)
    assert "holds manifest: choose another folder for fsd50k" in error
    assert len(list(read_shards(out, "train"))) == 30


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_leaves_whole_files_and_the_next_run_goes_on(
    jobs: int, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    write_list(root / "manifest.csv", "key,audio", *(f"k{n},{n % 8}.wav" for n in range(4000)))
    for number in range(8):
        write_sound(root / f"{number}.wav", seconds=4.0, hz=200.0 + number, rate=44_100)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "training.papers.prepare", "auto", "--root", str(root)]
    command += ["-o", str(out), "--jobs", str(jobs), "--per-shard", "8"]
    # a shell that runs the tests in the background ignores Ctrl-C, and so would what it starts
    heeding = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=heeding
    )
    until(lambda: len(list(out.glob("*.tar"))) >= 2)
    os.kill(process.pid, signal.SIGINT)
    assert process.stderr is not None
    error = process.stderr.read()
    assert (process.wait(), error) == (130, "stopped\n")
    made = {path: path.stat().st_mtime_ns for path in out.glob("*.tar")}
    assert 2 <= len(made) < 500
    assert not list(out.glob("*.part"))
    assert not list(out.rglob("*.now"))
    with pytest.raises(InputError, match=r"has no index\.json: .* or run that again"):
        read_shards(out, "all")
    tasks = planned(root)
    assert {path.name for path in made} <= {task.file for task in tasks}
    known = sum(work._find_made(task, out) is not None for task in tasks)
    assert known in (len(made), len(made) - 1)  # one may have been whole and not yet noted


def test_clips_that_end_the_decoder_are_broken_like_others(many: Path, tmp_path: Path) -> None:
    tasks = planned(many)
    made = work.make(tasks, tmp_path, kills, 2)
    assert sum(one.shard.clips for one in made) == CLIPS - 3
    assert dict(pair for one in made for pair in one.broken) == {
        "k5": "decoding it ends the process",
        "k6": "it is broken",
        "k8": "decoding it ends the process",
    }
    assert [one.shard.file for one in made] == [task.file for task in tasks]


def test_progress_counts_every_clip(many: Path, tmp_path: Path) -> None:
    tasks = planned(many)
    for jobs in (1, 2):
        told: list[int] = []
        work.make(tasks, tmp_path / str(jobs), HOW, jobs, told.append)
        assert sum(told) == CLIPS
    told = []
    work.make(tasks, tmp_path / "1", HOW, 1, told.append)
    assert sum(told) == CLIPS  # all were there


def test_where_nothing_can_be_read_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    write_list(root / "manifest.csv", "key,audio", "a,a.wav", "b,b.wav")
    (root / "a.wav").write_bytes(b"")
    (root / "b.wav").write_bytes(b"RIFF and no more")
    error = refused(capsys, "auto", "--root", root, "-o", out, "--jobs", 1)
    assert "none of the 2 clips could be read: see" in error
    report = json.loads((out / "report.json").read_text())
    assert report["counts"]["broken"] == 2
    assert not (out / "index.json").exists()
    assert "is no folder" in refused(capsys, "auto", "--root", root / "no", "-o", out)
    assert "choose from" in refused(capsys, "vegas", "--root", root, "-o", out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_line(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    opened = Path.open

    def full(path: Path, mode: str = "r", *given: object, **more: object):
        if path.name.endswith(".tar.part") and "w" in mode:
            path = Path("/dev/full")
        return opened(path, mode, *given, **more)  # pyright: ignore

    monkeypatch.setattr(Path, "open", full)
    error = refused(capsys, "auto", "--root", many, "-o", out, "--jobs", 1)
    assert "the disk is full; make room" in error
    assert not list(out.glob("*.tar*"))
    assert not (out / "index.json").exists()


def test_silent_and_senseless_sounds_are_broken(tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    root = tmp_path / "root"
    write_list(root / "manifest.csv", "key,audio", "a,a.wav", "b,b.wav", "c,c.wav", "d,d.wav")
    soundfile.write(write_sound(root / "a.wav"), np.zeros(16_000), 16_000)
    soundfile.write(root / "b.wav", np.full(16_000, np.nan), 16_000, subtype="FLOAT")
    soundfile.write(root / "c.wav", np.ones(10), 16_000)
    write_sound(root / "d.wav")
    make_dataset("auto", root, (), tmp_path / "out", Taking(), (), 64, 1)
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert {one["key"]: one["why"] for one in report["broken"]} == {
        "a": "it is silent from end to end",
        "b": "its sound holds what is no number",
        "c": "its sound is empty",
    }
