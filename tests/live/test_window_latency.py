"""The reactive layer's latency can be measured, and every step is seen."""

from __future__ import annotations

import math
import os

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

pytest.importorskip("PyQt6.QtWidgets")

from live.window_latency import measure_reactive_latency


def test_every_step_is_seen_soon(qapp) -> None:
    measured = measure_reactive_latency(steps=4, width=640, height=360)
    assert len(measured) == 4
    assert all(math.isfinite(each) for each in measured)
    # Half the steps well inside what a busy machine allows; `soundglass bench` tells the figure.
    assert sorted(measured)[1] < 150.0
    assert min(measured) > 0.0
