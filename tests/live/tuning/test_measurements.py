"""What was measured is kept from run to run, under a key of everything that matters."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.bundle.load import load_bundle
from live.tuning.measurements import MeasurementCache, ShowFigures, measurement_path

SHOWN = ShowFigures(100.0, 141.0, 9.5, 612.0, 39, 1)


def test_what_was_measured_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "m.json"
    first = MeasurementCache(path)
    first.add_costs("openvino, 2 threads", {"hear_ms": {"4/0.2": 50.0}})
    first.add_show("a", SHOWN)
    again = MeasurementCache(path)
    assert again.shows == {"a": SHOWN}
    assert again.costs == first.costs
    assert again.remembered == 2
    assert MeasurementCache(path, fresh=True).remembered == 0


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"costs": {}}', b'{"costs": {}, "shows": {"a": {"p50": 1}}}']
)
def test_a_file_that_cannot_be_read_counts_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(content)
    measured = MeasurementCache(path)
    assert measured.remembered == 0
    measured.add_show("a", SHOWN)
    assert set(json.loads(path.read_text())["shows"]) == {"a"}


def test_the_key_is_of_everything_that_matters(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = load_bundle(small_bundle)
    usual = measurement_path(bundle, 8.0, 6)
    assert measurement_path(load_bundle(small_bundle), 8.0, 6) == usual
    others = {measurement_path(bundle, 3.0, 6), measurement_path(bundle, 8.0, 3)}
    other = tmp_path / "bundle"
    shutil.copytree(small_bundle, other)
    manifest = other / "bundle.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"tiny"', b'"tina"'))
    monkeypatch.setattr("engine.bundle.load.is_sealed", lambda raw: True)
    others.add(measurement_path(load_bundle(other), 8.0, 6))
    monkeypatch.setattr("live.tuning.measurements.processor", lambda: "another processor")
    others.add(measurement_path(bundle, 8.0, 6))
    monkeypatch.setattr(
        "live.tuning.measurements.machine", lambda _: {"libraries": {"openvino": "9"}}
    )
    others.add(measurement_path(bundle, 8.0, 6))
    assert len(others) == 5
    assert usual not in others
