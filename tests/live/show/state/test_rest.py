"""A show that rests: it fades to black, paints nothing, and comes back."""

import pytest

from engine.bundle.load import load_bundle
from live.control.adapters import Adapters
from live.settings.model import Settings
from live.show.session import Session
from live.show.state.rest import FADE_S, Rest
from tests.live.control.show import desk_of
from tests.until import until


def test_it_fades_from_what_is_seen_both_ways():
    now = {"s": 100.0}
    rest = Rest(lambda: now["s"])
    assert (rest.on, rest.dark) == (False, 0.0)
    rest.turn(True)
    rest.turn(True)
    assert (rest.on, rest.dark) == (True, 0.0)
    now["s"] += FADE_S / 4
    assert rest.dark == pytest.approx(0.25)
    rest.turn(False)
    assert rest.dark == pytest.approx(0.25)
    now["s"] += FADE_S / 4
    assert rest.dark == pytest.approx(0.0)
    rest.turn(True)
    now["s"] += 10 * FADE_S
    assert rest.dark == 1.0


def test_asleep_it_hears_and_does_not_paint(session):
    until(lambda: session.pictures_painted > 2)
    session.sleep(True)
    until(lambda: session.view().dark == 1.0)
    painted, heard = session.pictures_painted, session.hearing.stamp.window_id
    until(lambda: session.hearing.stamp.window_id > heard + 3)
    assert session.pictures_painted == painted
    assert session.at_rest()["painting"] < 30.0
    session.sleep(False)
    until(lambda: session.pictures_painted > painted + 2 and session.view().dark == 0.0)


def test_outside_its_hours_it_sleeps_and_a_hand_may_wake_it(session):
    closed = Settings(headless=True, hours="Mo-Su 00:00-24:00")  # always open
    with desk_of(session) as (desk, told):
        adapters = Adapters(desk, closed)
        try:
            until(lambda: any(each.line == "open" for each in told))
            desk.ask("sleep", True, "test")
            until(lambda: session.asleep)
        finally:
            adapters.stop()


def test_it_says_until_when_it_is_closed(session, monkeypatch):
    from datetime import datetime

    from live.clock.hours import Hours

    monkeypatch.setattr(Hours, "open_at", lambda *_: False)
    monkeypatch.setattr(Hours, "next_change", lambda *_: datetime(2026, 11, 30, 8, 5))
    with desk_of(session) as (desk, told):
        adapters = Adapters(desk, Settings(headless=True, hours="Mo 08:05-21:00"))
        try:
            until(lambda: session.asleep)
            assert [each.line for each in told] == ["closed until Monday 08:05"]
        finally:
            adapters.stop()


def test_light_that_is_left_to_itself_follows_the_sun_of_the_place(small_bundle, monkeypatch):
    asked = []

    def polar_night(place, moment):
        asked.append((place.latitude, place.longitude, moment.tzinfo is not None))
        return {"night": 1.0}

    monkeypatch.setattr("live.show.session.sunlight", polar_night)
    settings = Settings(input="demo", headless=True, bundle=str(small_bundle), place="78,15")
    session = Session(settings, load_bundle(settings.bundle))
    session.start()
    try:
        until(lambda: session.pictures_painted > 2)
        assert set(asked) == {(78.0, 15.0, True)}
    finally:
        session.stop()
