"""One command, every stage for real, at the smallest size: what comes out is a bundle that runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle.load import load_bundle
from training.picturebook import __main__ as picturebook
from training.picturebook.plan import SHARES, STAGES, Plan, smoke
from training.picturebook.stages import RECORD, run_stages
from training.vocabulary import LABELS


def test_the_hours_are_all_given_away() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)
    plan = Plan(Path("runs"), Path("bundle"), hours=2)
    assert sum(plan.minutes(stage) for stage in SHARES) == pytest.approx(120)


def test_every_stage_needs_only_earlier_ones() -> None:
    seen: set[str] = set()
    stages = picturebook.stages_of(Plan(Path("runs"), Path("bundle")))
    assert tuple(stage.name for stage in stages) == STAGES
    for stage in stages:
        assert set(stage.needs) <= seen, stage.name
        seen.add(stage.name)
    assert set(SHARES) <= seen


def test_an_unknown_stage_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        picturebook.main(["--from", "nowhere", "--smoke"])
    assert "there is no stage nowhere" in capsys.readouterr().err


def test_help_names_stages_and_shares(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        picturebook.main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "hear-export, pairs, pictures" in told
    assert f"teacher {SHARES['teacher']:.0%}" in told


def test_a_slice_of_no_time_stops_and_the_record_stays_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--smoke", "--runs", str(tmp_path), "--minutes", "0"]
    assert picturebook.main(given) == 0
    assert "the same command goes on from here" in capsys.readouterr().out
    record = tmp_path / RECORD
    done = json.loads(record.read_text()) if record.exists() else {}
    assert "evaluate" not in done


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A finished smoke run."""
    threads, folder = torch.get_num_threads(), tmp_path_factory.mktemp("smoke")
    assert picturebook.main(["--smoke", "--runs", str(folder)]) == 0
    yield folder
    torch.set_num_threads(threads)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_smoke_ends_in_a_bundle_that_hears_and_paints(runs: Path) -> None:
    bundle = load_bundle(runs / "bundle")
    assert bundle.manifest.labels == LABELS
    assert bundle.places.shape == (len(LABELS), 2, 2, 2)
    rows = bundle.manifest.measured["evaluation"]["rows"]
    assert any(row["value"] is not None for row in rows)
    card = (runs / "bundle" / "CARD.md").read_text()
    assert rows[0]["name"] in card
    assert str(runs) not in card + (runs / "bundle" / "bundle.json").read_text()
    pairs = np.load(runs / "pairs.npy")
    assert pairs.shape[::2] == (len(LABELS), len(LABELS))
    np.testing.assert_allclose(pairs.sum(2), 1, atol=1e-4)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_same_command_finds_everything_done(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (runs / RECORD).read_text()
    assert picturebook.main(["--smoke", "--runs", str(runs)]) == 0
    told = capsys.readouterr().out
    stages = picturebook.stages_of(smoke(runs, runs / "bundle"))
    assert told.count("done already") == len(stages)
    assert (runs / RECORD).read_text() == before


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_more_steps_for_one_part_remake_only_what_depends(runs: Path) -> None:
    said: list[str] = []
    run_stages(
        picturebook.stages_of(smoke(runs, runs / "bundle")), runs, "student", say=said.append
    )
    assert ["taken as it is" in line for line in said].count(True) == STAGES.index("student")
    assert "done already" in next(line for line in said if "judge:" in line)
    assert json.loads((runs / RECORD).read_text())["student"]["id"]
