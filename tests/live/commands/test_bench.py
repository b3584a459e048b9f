"""`soundglass bench`: a table, and JSON that says on what it was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from live import cli


def test_seconds_out_of_range(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--seconds", "1"]) == 2
    assert "--seconds is 1" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_quick_bench_measures_everything(small_bundle: Path, tmp_path: Path, capfd) -> None:
    out = tmp_path / "bench.json"
    arguments = ["bench", "--quick", "--bundle", str(small_bundle), "-o", str(out)]
    assert cli.main(arguments) == 0
    said = capfd.readouterr().out
    report = json.loads(out.read_text("utf-8"))
    assert report["schema"] == 1
    assert {"processor", "cores", "python", "libraries"} <= set(report["machine"])
    assert report["seed"] == 0
    assert report["bundle"] == "tiny"
    for measure in report["measures"]:
        assert measure["name"] in said
        assert measure["value"] is not None, measure
    names = " ".join(measure["name"] for measure in report["measures"])
    for wanted in ("hearing", "painting", "sound-to-picture p95", "overhead", "memory", "import"):
        assert wanted in names
