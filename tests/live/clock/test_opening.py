"""The clock that opens and closes the show, also where it is set meanwhile."""

from datetime import datetime

import pytest

from live.clock.hours import read_hours
from live.clock.opening import OpeningClock
from tests.until import until


@pytest.fixture
def wall():
    """A clock on the wall that is set by hand."""
    return {"now": datetime(2026, 11, 23, 7, 0)}


@pytest.fixture
def told(wall, monkeypatch):
    monkeypatch.setattr("live.clock.opening.LOOK_S", 0.01)
    found = []
    hours = read_hours("Mo-Fr 08:00-21:00; Sa 20:00-02:00")
    clock = OpeningClock(hours, lambda *said: found.append(said), lambda: wall["now"])
    clock.start()
    yield found
    clock.stop()


def test_it_tells_at_once_and_then_each_change(wall, told):
    until(lambda: told == [(False, datetime(2026, 11, 23, 8, 0))])
    wall["now"] = datetime(2026, 11, 23, 8, 0, 1)
    until(lambda: told[1:] == [(True, datetime(2026, 11, 23, 21, 0))])
    wall["now"] = datetime(2026, 11, 28, 23, 59)  # days later: open again, or still
    wall["now"] = datetime(2026, 11, 29, 2, 0)
    until(lambda: told[-1] == (False, datetime(2026, 11, 30, 8, 0)))


def test_a_clock_that_is_set_back_closes_again(wall, told):
    wall["now"] = datetime(2026, 11, 23, 12, 0)
    until(lambda: told and told[-1][0])
    wall["now"] = datetime(2026, 11, 23, 3, 0)
    until(lambda: told[-1] == (False, datetime(2026, 11, 23, 8, 0)))
