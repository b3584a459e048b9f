"""The bench of the page, on a real show and in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.bench.chromium import chromium_path
from live.bench.web import web_measures
from live.input.private_sound_server import private_sound_server_missing
from live.settings.model import Settings


@pytest.mark.skipif(chromium_path() is None, reason="no Chromium here")
@pytest.mark.skipif(bool(private_sound_server_missing()), reason="no PulseAudio here")
def test_every_number_of_viewers_is_measured(small_bundle: Path) -> None:
    settings = Settings(bundle=str(small_bundle), runtime="onnxruntime")
    measures, noted = web_measures(settings, 5.0)
    assert noted["lookers"] == [0, 1, 10]
    assert noted["phases"][0]["drawn_ms"] == []
    assert all(late_ms > 0 for phase in noted["phases"] for late_ms in phase["drawn_ms"])
    names = [measure.name for measure in measures]
    assert names[0] == "picture to page p95, 1 viewer"
    assert names[-1] == "10 viewers, show's p95"
    assert measures[0].target == 60.0
