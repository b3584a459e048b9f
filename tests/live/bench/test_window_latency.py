"""The reactive layer's latency can be measured, and every step is seen."""

from __future__ import annotations

import math
import os

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

pytest.importorskip("PyQt6.QtWidgets")

from live.bench.window_latency import measure_reactive_latency


def test_every_step_is_seen_soon(qapp) -> None:
    # Where other programs have the machine a step may pass unseen: then once more, a few times.
    for _ in range(10):
        measured = measure_reactive_latency(steps=4, width=640, height=360)
        assert len(measured) == 4
        assert min(measured) > 0.0
        # Half the steps well inside what is seen at all; `soundglass bench` tells the figure.
        if all(math.isfinite(each) for each in measured) and sorted(measured)[1] < 150.0:
            return
    raise AssertionError(f"not all steps are seen soon, ten times in a row: {measured} ms")
