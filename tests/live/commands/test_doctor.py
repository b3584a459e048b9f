"""`soundglass doctor`: every part is looked at, and each fault has a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from live import cli

PARTS = {
    "python",
    "libraries",
    "runtimes",
    "bundle",
    "audio",
    "display",
    "gpu",
    "memory",
    "disk",
}


def doctor(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict]:
    code = cli.main(["doctor", "--json", *arguments])
    report = json.loads(capsys.readouterr().out)
    assert code == (0 if report["ok"] else 1)
    assert report["ok"] == all(finding["ok"] for finding in report["findings"])
    return {finding["part"]: finding for finding in report["findings"]}


def test_every_part_is_looked_at_and_each_fault_has_a_remedy(
    small_bundle: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    found = doctor(capsys, "--bundle", str(small_bundle))
    assert set(found) == PARTS
    for part in ("python", "libraries", "runtimes", "bundle", "display"):
        assert found[part]["ok"], found[part]
    for finding in found.values():
        assert finding["text"]
        assert finding["ok"] or finding["remedy"]


def test_a_broken_bundle_and_no_display_are_found(tmp_path: Path, capsys, monkeypatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    found = doctor(capsys, "--bundle", str(tmp_path / "nothing"))
    assert not found["bundle"]["ok"]
    assert "nothing" in found["bundle"]["text"]
    assert not found["display"]["ok"]
    assert "--headless" in found["display"]["remedy"]


def test_it_is_readable_as_well(small_bundle: Path, capsys) -> None:
    cli.main(["doctor", "--bundle", str(small_bundle)])
    out = capsys.readouterr().out
    for part in PARTS:
        assert part in out
