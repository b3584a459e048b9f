"""Pictures are enlarged beside the drawing: nothing waits, and the newest counts."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from engine.packets import U8
from live.compose import enlarge as window_enlarge
from live.compose.enlarge import FINE, Enlarger, enlarge
from tests.until import LONGEST_S, until


def picture(value: int) -> U8:
    return np.full((18, 32, 3), value, np.uint8)


def test_an_edge_stays_where_it_is_and_gets_no_seams() -> None:
    small = picture(40)
    small[:, 16:] = 200
    large = enlarge(small).astype(int)
    assert large.shape == (36, 64, 3)
    assert np.abs(large[:, :28] - 40).max() <= 8
    assert np.abs(large[:, 36:] - 200).max() <= 8


def test_drawing_never_waits_and_sees_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    gate = threading.Event()

    def slowly(small: U8) -> U8:
        begun.append(int(small[0, 0, 0]))
        assert gate.wait(LONGEST_S)
        return enlarge(small)

    monkeypatch.setattr(window_enlarge, "enlarge", slowly)
    enlarger = Enlarger()
    first, second, third = picture(10), picture(20), picture(30)
    # Nothing is enlarged before the gate opens: whoever waited for it would stay here for ever.
    assert enlarger.newest(first) is None
    for later in (second, third):
        assert enlarger.newest(later) is None
    gate.set()
    seen: list[int] = []

    def look() -> bool:
        large = enlarger.newest(third)
        if large is not None:
            seen.append(int(large[0, 0, 0]))
        return 30 in seen

    until(look)
    assert begun == [10, 30], "what waited was overtaken"
    assert seen[0] == 10
    assert enlarger.newest(third) is enlarger.newest(third)


def test_a_fine_picture_is_shown_as_it_is() -> None:
    fine = np.zeros((FINE, 8, 3), np.uint8)
    assert enlarge(fine) is fine
