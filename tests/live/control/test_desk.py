"""The desk: the newest value wins, what costs much waits until a hand rests, errors are told."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from live.control.desk import REST_S
from live.control.lane import PERIOD_S, Lane, Slots
from live.control.watch import Watch
from live.errors import UserError
from tests.live.control.show import desk_of
from tests.live.staged_show import StagedShow
from tests.until import until


class Noting(StagedShow):
    """A show that notes when it is asked for which change."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[float, dict[str, Any]]] = []

    def change(self, **given: Any) -> None:
        self.asked.append((time.monotonic(), given))
        super().change(**given)


def test_of_many_values_the_newest_wins_and_none_queues() -> None:
    show = Noting()
    with desk_of(show) as (desk, told):
        began_s = time.monotonic()
        for step in range(5000):
            desk.ask("sensitivity", -40 + 80 * step / 4999, "osc a")
        asked_s = time.monotonic() - began_s
        until(lambda: show.settings.sensitivity_db == 40.0)
        assert len(show.asked) <= asked_s / PERIOD_S + 2
        assert told == []


def test_what_hears_anew_waits_until_the_hand_has_rested() -> None:
    show = Noting()
    with desk_of(show) as (desk, _):
        for step in range(50):
            last_s = time.monotonic()
            desk.ask("hop", 0.1 + step / 100, "midi b")
            desk.ask("light", step % 8, "midi b")
        until(lambda: show.settings.hop_s == pytest.approx(0.59))
        hops = [(at_s, given) for at_s, given in show.asked if "hop_s" in given]
        assert len(hops) == 1
        assert hops[0][0] - last_s >= REST_S
        assert any("light" in given for at_s, given in show.asked if at_s < hops[0][0])


def test_a_slow_change_does_not_hold_up_the_quick_ones() -> None:
    show, opening, opened = Noting(), threading.Event(), threading.Event()
    change = show.change

    def slow(**given: Any) -> None:
        if "threads" in given:
            opening.set()
            assert opened.wait(60)
        change(**given)

    show.change = slow  # type: ignore[method-assign]
    with desk_of(show) as (desk, _):
        desk.ask("threads", 1, "keys")
        assert opening.wait(60)
        desk.ask("light", "night", "keys")
        until(lambda: show.settings.light == "night")
        assert show.settings.threads == 0
        opened.set()
        until(lambda: show.settings.threads == 1)


def test_settings_of_one_hand_change_together_and_a_bad_one_alone_is_refused() -> None:
    show = Noting()
    with desk_of(show) as (desk, told):
        slots: Slots = {"window": (1.0, "osc a"), "hop": (2.0, "osc a"), "target": (90.0, "osc a")}
        desk._take(slots)
        assert show.asked[0][1] == {"window_s": 1.0, "hop_s": 2.0, "target_ms": 90.0}
        assert (show.settings.window_s, show.settings.hop_s) == (1.0, 0.2)
        assert show.settings.target_ms == 90.0
        assert [(t.names, t.failed) for t in told] == [(("hop",), True)]
        assert "longer than the window" in told[0].line
        assert told[0].origin == "osc a"


def test_an_action_is_done_on_one_and_what_fails_is_told() -> None:
    show = Noting()
    with desk_of(show) as (desk, told):
        desk.ask("next-microphone", 0, "osc a")
        desk.ask("next-microphone", 1, "osc a")
        until(lambda: told)
        assert show.pressed == ["next_microphone"]
        assert told.pop().line == "listening to another microphone"
        show.error = OSError("no room")
        desk.ask("snapshot", 1, "osc a")
        until(lambda: told)
        assert (told[0].failed, told[0].line) == (True, "no room")


def test_what_needs_a_window_says_so_where_there_is_none() -> None:
    with desk_of(StagedShow()) as (desk, _):
        for name in ("full-screen", "next-screen", "display"):
            with pytest.raises(UserError, match="no window"):
                desk.ask(name, 1, "osc a")
        assert not any(control.on_window for control, _ in desk.values())
        with pytest.raises(UserError, match="Did you mean freeze"):
            desk.ask("freze", 1, "osc a")


def test_the_chosen_control_is_stepped() -> None:
    show = StagedShow()
    with desk_of(show) as (desk, _):
        assert "style is picturebook" in desk.apply({"chosen": "style"}, "keys")
        assert desk.apply({"step-up": True}, "keys") == "style: papercut"
        until(lambda: show.settings.style == "papercut")
        desk.apply({"chosen": "step-up"}, "keys")
        with pytest.raises(UserError, match="cannot step itself"):
            desk.apply({"step-up": True}, "keys")


def test_a_watch_tells_each_change_once_and_those_by_osc_when_they_rest() -> None:
    show = StagedShow()
    with desk_of(show) as (desk, _):
        watch = Watch(desk)
        assert {c.control.name for c in watch.look()} >= {"light", "freeze", "cross"}
        assert watch.look() == []
        desk.apply({"light": "dusk"}, "keys")
        (changed,) = watch.look()
        assert (changed.control.name, changed.value, changed.origin) == ("light", "dusk", "keys")
        for light in ("night", "day"):
            desk.apply({"light": light}, "osc 1.2.3.4:5")
            began_s = time.monotonic()
            assert watch.look() == []
        found: list = []
        until(lambda: found.extend(watch.look()) or found)
        assert [(c.value, c.origin) for c in found] == [("day", "osc 1.2.3.4:5")]
        assert time.monotonic() - began_s >= REST_S
        show.freeze(True)
        (changed,) = watch.look()
        assert (changed.value, changed.origin) == (True, "show")


def test_a_lane_that_has_stopped_takes_nothing() -> None:
    taken: list[Slots] = []
    lane = Lane("test", taken.append)
    lane.put({"a": 1}, "x", rest_s=3600.0)
    lane.stop()
    lane.put({"b": 1}, "x")
    assert taken == []
