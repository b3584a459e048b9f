"""`soundglass soak`: a minute of it, with every fault, on tiny models."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from live import cli
from live.soak.faults import FAULTS
from tests.live.pulse_server import missing
from tests.until import LONGEST_S

KEPT = ("samples lost outside device loss", "memory slope", "handles that stay open, more")


def test_hours_out_of_range(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["soak", "--hours", "0.001"]) == 2
    assert "--hours is 0.001" in capsys.readouterr().err


@pytest.mark.skipif(missing() is not None, reason="no PulseAudio here")
@pytest.mark.skipif(find_spec("aiohttp") is None, reason="without the extra stage")
def test_a_show_survives_every_fault(
    small_bundle: Path, tmp_path: Path, monkeypatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Sooner after one another than usual; how soon the show goes on is not judged."""
    monkeypatch.setattr("live.soak.plan.GAP_S", (1.0, 1.0))
    for name, value in {"FIRST_S": 1.0, "LAST_S": 0.0, "RECOVERS_S": LONGEST_S}.items():
        monkeypatch.setattr(f"live.soak.run.{name}", value)
    monkeypatch.setattr("live.soak.run.READY_S", LONGEST_S)
    monkeypatch.setattr("live.soak.faults.LASTS_S", 2.0)
    monkeypatch.setattr("live.soak.faults.STOPPED_S", 3.0)
    monkeypatch.setattr("live.commands.soak.LEAST_H", 0.0)
    out = tmp_path / "soak.json"
    arguments = ["soak", "--hours", "0.025", "--bundle", str(small_bundle), "-o", str(out)]
    code = cli.main([*arguments, "--runtime", "onnxruntime", "--seed", "2"])
    said = capfd.readouterr()
    assert code == 0, said.out + said.err
    report = json.loads(out.read_text())
    done = [fault["kind"] for fault in report["faults"]]
    assert set(done) <= set(FAULTS)
    assert len(done) >= 3
    assert all(fault["back_s"] is not None for fault in report["faults"])
    names = [measure["name"] for measure in report["measures"]]
    assert set(KEPT) < set(names)
    for name in (*names, *set(done)):
        assert name in said.out
