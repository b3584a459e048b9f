"""Every frame where drawing is quick, every other where it is slow, a clap at once in any case."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtWidgets import QWidget

from live.compose.light import AT_REST
from live.window.pace import Pace


@pytest.fixture
def pace(qtbot) -> Pace:
    widget = QWidget()
    qtbot.addWidget(widget)
    return Pace(widget)


def test_quick_drawing_takes_every_look(pace: Pace) -> None:
    assert all(pace.due([3.0] * 60, AT_REST) for _ in range(10))


def test_slow_drawing_takes_every_other_look(pace: Pace) -> None:
    slow = [0.9 * pace.interval_ms()] * 60
    assert [pace.due(slow, AT_REST) for _ in range(6)] == [False, True] * 3


@pytest.mark.parametrize("change", [{"flash": 0.4}, {"gain": AT_REST.gain + 0.05}])
def test_a_sound_that_begins_is_never_left_out(pace: Pace, change: dict[str, float]) -> None:
    slow = [0.9 * pace.interval_ms()] * 60
    assert pace.due(slow, replace(AT_REST, **change))
