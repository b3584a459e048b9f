"""`soundglass describe`: a readable timeline, or one event line per hop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from live import cli
from tests.live.commands.sounds import FIREWORKS, SECONDS, THUNDER, two_tones


def describe(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["describe", *arguments, "--runtime", "onnxruntime"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def test_the_timeline_tells_who_is_heard_when(small_bundle: Path, tmp_path: Path, capsys) -> None:
    out = describe(capsys, str(two_tones(tmp_path)), "--bundle", str(small_bundle))
    rows = [line.split() for line in out.splitlines() if "LUFS" in line]
    assert [row[2] for row in rows] == ["thunder", "fireworks"]
    for row, (start_s, end_s) in zip(rows, (THUNDER, FIREWORKS), strict=True):
        assert float(row[0].removeprefix("0:")) == pytest.approx(start_s, abs=0.6)
        assert float(row[1].removeprefix("0:")) == pytest.approx(end_s, abs=1.2)


def test_json_is_one_event_line_per_hop(small_bundle: Path, tmp_path: Path, capsys) -> None:
    out = describe(capsys, str(two_tones(tmp_path)), "--json", "--bundle", str(small_bundle))
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["window_id"] for event in events] == list(range(round(SECONDS / 0.2)))
    for number, event in enumerate(events):
        assert event["schema"] == 1
        assert event["t"] == pytest.approx(0.2 * (number + 1))
        assert event["dropped"] == 0
        for source in event["sources"]:
            assert len(source["labels"]) == 5
            assert 0 <= source["significance"] <= 1
    middle = {source["labels"][0][0] for source in events[22]["sources"]}
    assert middle == {"thunder", "fireworks"}


def test_the_hop_is_a_setting(small_bundle: Path, tmp_path: Path, capsys) -> None:
    more = ("--hop", "0.5", "--window", "2", "--json", "--bundle", str(small_bundle))
    out = describe(capsys, str(two_tones(tmp_path)), *more)
    assert len(out.splitlines()) == SECONDS / 0.5


def test_describing_twice_says_the_same(small_bundle: Path, tmp_path: Path, capsys) -> None:
    arguments = (str(two_tones(tmp_path)), "--json", "--bundle", str(small_bundle))
    first, second = (describe(capsys, *arguments) for _ in range(2))

    def sources(out: str) -> list:
        return [json.loads(line)["sources"] for line in out.splitlines()]

    assert sources(first) == sources(second)
