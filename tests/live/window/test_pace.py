"""Every frame where drawing is quick, every other where it is slow, a clap at once in any case."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtWidgets import QWidget

from live.compose.light import NEUTRAL_LIGHT
from live.window.pace import FramePacer


@pytest.fixture
def pace(qtbot) -> FramePacer:
    widget = QWidget()
    qtbot.addWidget(widget)
    return FramePacer(widget)


def test_quick_drawing_takes_every_look(pace: FramePacer) -> None:
    assert all(pace.is_due([3.0] * 60, NEUTRAL_LIGHT) for _ in range(10))


def test_slow_drawing_takes_every_other_look(pace: FramePacer) -> None:
    slow = [0.9 * pace.interval_ms()] * 60
    assert [pace.is_due(slow, NEUTRAL_LIGHT) for _ in range(6)] == [False, True] * 3


@pytest.mark.parametrize("change", [{"flash": 0.4}, {"gain": NEUTRAL_LIGHT.gain + 0.05}])
def test_a_sound_that_begins_is_never_left_out(pace: FramePacer, change: dict[str, float]) -> None:
    slow = [0.9 * pace.interval_ms()] * 60
    assert pace.is_due(slow, replace(NEUTRAL_LIGHT, **change))
