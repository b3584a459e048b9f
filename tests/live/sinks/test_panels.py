"""Each panel as a picture of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from live.sinks.panels import SIDE, PanelPictures
from tests.live.compose.test_frame import flat, panel, view
from tests.until import LONGEST_S

RED, BLUE = (200, 30, 20), (10, 20, 200)


def test_a_panel_stands_in_its_own_place_and_fades() -> None:
    shown = view(panels=[panel(3, 0), panel(8, 2, presence=0.5)])
    shown = view(
        panels=shown.panels, pictures={3: flat(RED, (256, 256)), 8: flat(BLUE, (256, 256))}
    )
    views = [shown, replace(shown, panels=shown.panels[1:]), replace(shown, pictures=None)]
    pictures = PanelPictures(lambda: views[0], 3, 100.0)
    assert pictures.size == (SIDE, 3 * SIDE)

    def squares() -> list[list[int]]:
        frame = pictures.next(LONGEST_S)
        assert frame is not None
        parts = np.split(frame, 3)
        assert all(part.shape == (SIDE, SIDE, 3) for part in parts)
        return [[round(c) for c in part.mean((0, 1))] for part in parts]

    assert squares() == [[*RED], [0, 0, 0], [5, 10, 100]]
    views.pop(0)  # the first has gone
    assert squares() == [[0, 0, 0], [0, 0, 0], [5, 10, 100]]
    views.pop(0)
    assert squares() == [[0, 0, 0]] * 3
    pictures.leave()
    assert pictures.next(LONGEST_S) is None
