"""The sun over a place, against published positions, and the light that it gives."""

from datetime import UTC, datetime

import pytest

from engine.atmosphere_choice import LIGHTS
from live.clock.sun import Place, read_place, sun_over, sunlight
from live.errors import UserError

BERLIN, REYKJAVIK, QUITO = Place(52.5, 13.4), Place(64.15, -21.94), Place(-0.18, -78.47)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_stands_where_a_published_example_has_it():
    """Reda and Andreas, NREL/TP-560-34302 (2008), table A5.1: elevation without refraction."""
    golden = Place(39.742476, -105.1786)
    elevation, _ = sun_over(golden, at("2003-10-17 19:30:30"))
    assert elevation == pytest.approx(39.872046, abs=0.01)


@pytest.mark.parametrize(
    ("place", "rises", "sets"),
    [
        # with refraction and its half size, its middle is 0.83 degrees below the horizon
        (BERLIN, "2026-06-21 02:43", "2026-06-21 19:33"),
        (BERLIN, "2026-12-21 07:15", "2026-12-21 14:54"),
        (QUITO, "2026-03-20 11:17", "2026-03-20 23:24"),
    ],
)
def test_it_rises_and_sets_when_almanacs_say(place, rises, sets):
    for moment, is_morning in ((rises, True), (sets, False)):
        elevation, hour_angle_h = sun_over(place, at(moment))
        assert elevation == pytest.approx(-0.83, abs=0.3)
        assert (hour_angle_h < 0) is is_morning


@pytest.mark.parametrize(
    ("place", "moment", "light"),
    [
        (BERLIN, "2026-06-21 11:00", "day"),
        (BERLIN, "2026-06-21 02:50", "dawn"),
        (BERLIN, "2026-06-21 19:30", "dusk"),
        (BERLIN, "2026-12-21 22:00", "night"),
        (BERLIN, "2026-12-21 11:00", "day"),
        (REYKJAVIK, "2026-12-21 11:40", "dawn"),  # it stays low all day
        (REYKJAVIK, "2026-12-21 15:20", "dusk"),
        (Place(-33.9, 151.2), "2026-12-21 02:00", "day"),
    ],
)
def test_the_light_is_that_outside(place, moment, light):
    there = sunlight(place, at(moment))
    assert max(there, key=lambda name: there[name]) == light


def test_light_changes_slowly_and_is_always_whole():
    for place in (BERLIN, REYKJAVIK, QUITO, Place(90, 0)):
        before = None
        for minute in range(0, 24 * 60, 2):
            there = sunlight(place, at(f"2026-12-21 {minute // 60:02}:{minute % 60:02}"))
            assert set(there) <= set(LIGHTS)
            assert sum(there.values()) == pytest.approx(1.0)
            assert min(there.values()) >= 0.0
            if before is not None:
                assert max(abs(there[name] - before[name]) for name in there) < 0.25
            before = there


@pytest.mark.parametrize("text", ["", "52.5", "52.5 13.4", "north,east", "91,0", "0,181", "nan,0"])
def test_what_is_no_place(text):
    with pytest.raises(UserError, match=r"^place is "):
        read_place(text)
    assert read_place(" 52.5, 13.4") == BERLIN
