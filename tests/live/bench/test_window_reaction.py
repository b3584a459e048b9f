"""The clicks that the reactive layer is measured with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from live.bench import window_reaction as reaction


def test_clicks_lie_where_they_are_said_to(tmp_path: Path) -> None:
    reaction.write_clicks(tmp_path / "clicks.wav", 9.0)
    samples, rate = soundfile.read(tmp_path / "clicks.wav")
    times = reaction.click_times(9.0)
    assert len(times) >= 4
    for start_s in times:
        first = round(start_s * rate)
        before, after = samples[first - 480 : first], samples[first : first + 480]
        assert np.abs(before).max() < 0.01 < np.abs(after).max()
        assert first % 480 == 0


def test_the_delay_is_from_the_block_to_the_first_frame_that_shows_it() -> None:
    began_s, seconds = 100.0, 9.0
    drawn = []
    for frame in range(int(seconds * 50)):
        at_s = began_s + frame / 50
        loud = any(
            start_s + 0.03 <= frame / 50 < start_s + 0.2
            for start_s in reaction.click_times(seconds)
        )
        drawn.append(reaction.DrawnFrame(at_s, 0.8 if loud else 0.1))
    report = reaction._report(drawn, began_s, seconds)
    assert report["missed"] == 0
    assert report["frames_per_s"] == pytest.approx(50)
    assert len(report["delays_ms"]) == len(reaction.click_times(seconds))
    assert all(19 <= delay <= 41 for delay in report["delays_ms"])
