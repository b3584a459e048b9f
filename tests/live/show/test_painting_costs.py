"""Scene and panels cost differently, and are expected to."""

from __future__ import annotations

import numpy as np
import pytest

from engine.packets import Pictures, Stamp
from live.show.painting_costs import PaintingCosts

STAMP = Stamp(0, 0, 0, 0, 16000, 0.0)
PICTURE = np.zeros((1, 1, 3), np.uint8)


def painted(scene_ms: float, panels: int = 0, panels_ms: float = 0.0) -> Pictures:
    timings = {"generate_panels": panels_ms, "paint": scene_ms + panels_ms}
    return Pictures(STAMP, PICTURE, dict.fromkeys(range(panels), PICTURE), timings)


def test_nothing_is_expected_before_anything_is_measured() -> None:
    costs = PaintingCosts()
    assert costs.scene_s == 0.0
    assert costs.panels_s(4) == 0.0


def test_the_scene_does_not_learn_from_the_panels() -> None:
    costs = PaintingCosts()
    costs.add(painted(30.0))
    costs.add(painted(30.0, panels=4, panels_ms=80.0))
    assert costs.scene_s == pytest.approx(0.030)
    assert costs.panels_s(4) == pytest.approx(0.080)


def test_numbers_of_panels_never_seen_are_told_from_the_nearest() -> None:
    costs = PaintingCosts()
    costs.add(painted(30.0, panels=2, panels_ms=40.0))
    assert costs.panels_s(4) == pytest.approx(0.080)
    # One may cost as much as two: nothing is promised that was not measured.
    assert costs.panels_s(1) == pytest.approx(0.040)
    assert costs.panels_s(0) == 0.0


def test_estimates_follow_the_machine() -> None:
    costs = PaintingCosts()
    costs.add(painted(30.0))
    for _ in range(20):
        costs.add(painted(90.0))
    assert costs.scene_s == pytest.approx(0.090, rel=0.01)
