"""Panels fade, keep their picture and their place, and leave no trace."""

from __future__ import annotations

import numpy as np

from live.compose.panels import PanelAnimator, PanelFrame
from live.view.picture import PanelView


def panel(track: int, place: int, level: float = 0.5, presence: float = 1.0) -> PanelView:
    return PanelView(track, place, "rain", 0.8, level, presence, (90, 140, 220))


def picture(value: int) -> np.ndarray:
    return np.full((144, 256, 3), value, np.uint8)


def run(
    memory: PanelAnimator, panels: list[PanelView], pictures: dict, begin: float, end: float
) -> list[tuple[PanelFrame, ...]]:
    return [memory.frame(panels, pictures, float(now)) for now in np.arange(begin, end, 1 / 60)]


def test_a_panel_fades_in_and_out() -> None:
    memory = PanelAnimator()
    shown = {1: picture(100)}
    coming = run(memory, [panel(1, 0)], shown, 0.0, 1.0)
    going = run(memory, [], {}, 1.0, 2.0)
    rise = [frames[0].panel.presence for frames in coming if frames]
    fall = [frames[0].panel.presence for frames in going if frames]
    assert rise == sorted(rise)
    assert rise[0] < 0.3
    assert rise[-1] > 0.98
    assert fall == sorted(fall, reverse=True)
    assert len(fall) > 10
    assert going[-1] == ()


def test_places_stay_while_others_come_and_go() -> None:
    memory = PanelAnimator()
    everything = {1: picture(10), 2: picture(20), 3: picture(30)}
    run(memory, [panel(1, 0), panel(2, 1), panel(3, 2)], everything, 0.0, 1.0)
    frames = run(memory, [panel(3, 2)], {3: everything[3]}, 1.0, 3.0)
    for each in frames:
        places = {frame.panel.track_id: frame.panel.slot for frame in each}
        assert places[3] == 2
    assert [frame.panel.track_id for frame in frames[-1]] == [3]


def test_a_new_track_in_the_place_of_one_that_leaves_is_drawn_over_it() -> None:
    memory = PanelAnimator()
    run(memory, [panel(1, 0)], {1: picture(10)}, 0.0, 1.0)
    frames = run(memory, [panel(2, 0)], {2: picture(20)}, 1.0, 1.1)[-1]
    assert [frame.panel.track_id for frame in frames] == [1, 2]


def test_the_last_picture_stays_while_the_panel_is_not_painted() -> None:
    memory = PanelAnimator()
    run(memory, [panel(1, 0)], {1: picture(77)}, 0.0, 1.0)
    frames = run(memory, [panel(1, 0)], {}, 1.0, 2.0)
    assert all(int(each[0].picture[0, 0, 0]) == 77 for each in frames)


def test_a_panel_without_a_picture_yet_is_there_all_the_same() -> None:
    frames = run(PanelAnimator(), [panel(1, 0)], {}, 0.0, 0.5)[-1]
    assert frames[0].picture is None


def test_the_meter_rises_at_once_and_falls_slowly() -> None:
    memory = PanelAnimator()
    run(memory, [panel(1, 0, level=0.1)], {}, 0.0, 0.5)
    loud = memory.frame([panel(1, 0, level=0.9)], {}, 0.52)[0].panel.level
    after = memory.frame([panel(1, 0, level=0.1)], {}, 0.54)[0].panel.level
    assert loud == 0.9
    assert 0.7 < after < 0.9


def test_presence_that_the_session_fades_is_followed() -> None:
    memory = PanelAnimator()
    frames = run(memory, [panel(1, 0, presence=0.5)], {}, 0.0, 2.0)[-1]
    assert abs(frames[0].panel.presence - 0.5) < 0.01
