"""What a show says of whether it goes on."""

import time

from live.show.progress import stages_at_rest, stalled_line
from tests.until import until

MOVED = {"capture": 10.0, "hearing": 9.0, "painting": 8.0}


def test_the_first_stage_that_stands_still_is_named():
    at_rest = stages_at_rest(MOVED, 14.5)
    assert at_rest == {"capture": 4.5, "hearing": 5.5, "painting": 6.5}
    line = stalled_line(at_rest)
    assert line == "hearing stands still: nothing has been heard for 6 s"
    assert stalled_line(stages_at_rest(MOVED, 12.0)) is None


def test_a_running_show_moves_on_in_all_stages_also_while_it_is_held(session):
    until(lambda: session.pictures_painted > 2)
    session.freeze(True)
    began_s = time.monotonic()
    until(lambda: sum(session.at_rest().values()) < 1.0 and time.monotonic() > began_s + 1.0)
    assert list(session.at_rest()) == ["capture", "hearing", "painting"]
    assert session.fault(60.0) is None


def test_what_stops_is_told(session):
    until(lambda: session.pictures_painted > 2)
    session._inputs._feed.stop()
    until(lambda: (session.fault(0.7) or "").startswith("capture stands still: no sound has come"))


def test_a_window_is_missed_once_it_has_drawn(session):
    assert "drawing" not in session.at_rest()
    session.note_drawn()
    until(lambda: session.at_rest()["drawing"] > 0.5)
    session.note_drawn()
    until(lambda: session.at_rest()["drawing"] < 0.5)


def test_pictures_that_cannot_be_painted_are_told(session, monkeypatch):
    until(lambda: session.pictures_painted > 2)

    def fail(*_):
        raise RuntimeError("no colours")

    monkeypatch.setattr(session._pipeline.painting, "_paint", fail)
    until(lambda: (session.fault(1.5) or "").startswith("painting stands still"))
