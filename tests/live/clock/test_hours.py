"""Opening hours: what is understood, what is refused, and when it is open."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from live.clock.hours import DAYS, WEEK_MIN, read_hours
from live.errors import UserError

MONDAY = datetime(2026, 11, 23)
MUSEUM = "Mo-Fr 08:00-21:00; Sa 10:00-18:00"


def at(day: str, time: str) -> datetime:
    hour, minute = map(int, time.split(":"))
    return MONDAY + timedelta(days=DAYS.index(day), hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("hours", "day", "time", "is_open"),
    [
        (MUSEUM, "Mo", "07:59", False),
        (MUSEUM, "Mo", "08:00", True),
        (MUSEUM, "Fr", "20:59", True),
        (MUSEUM, "Fr", "21:00", False),
        (MUSEUM, "Sa", "09:00", False),
        (MUSEUM, "Sa", "17:59", True),
        (MUSEUM, "Su", "12:00", False),
        ("10:00-12:00,13:00-18:00", "Su", "12:30", False),
        ("10:00-12:00, 13:00-18:00", "Su", "13:00", True),
        ("Mo,We-Th 9:00-10:00", "Th", "09:30", True),
        ("Mo,We-Th 9:00-10:00", "Tu", "09:30", False),
        ("Sa-Mo 09:00-10:00", "Su", "09:30", True),
        ("Sa-Mo 09:00-10:00", "Tu", "09:30", False),
        ("Fr 20:00-02:00", "Sa", "01:59", True),
        ("Fr 20:00-02:00", "Sa", "02:00", False),
        ("Fr 20:00-02:00", "Fr", "01:00", False),
        ("Su 20:00-26:00", "Mo", "01:00", True),
        ("Su 20:00-26:00", "Mo", "02:00", False),
        ("mo-su 00:00-24:00", "We", "03:00", True),
        ("Mo 00:00-24:00", "Tu", "00:00", False),
    ],
)
def test_when_it_is_open(hours, day, time, is_open):
    assert read_hours(hours).open_at(at(day, time)) is is_open


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("", "say no time"),
        (" ; ", "say no time"),
        ("Mo-Fr", "'Mo-Fr' has no times"),
        ("Mo-Fr 8-21", "'8-21' in 'Mo-Fr 8-21' is no time of the day"),
        ("Mo 21:00-08:00", "ends before it begins; if it goes on past midnight, write 21:00-32"),
        ("Mo 10:00-10:00", "ends before it begins"),
        ("Mo 00:00-00:00", "ends before it begins"),
        ("Mo 10:00-49:00", "is no time of the day"),
        ("Mo 24:00-25:00", "is no time of the day"),
        ("Mo 10:60-12:00", "is no time of the day"),
        ("Mo 08:00-36:00", "is longer than a day"),
        ("Mon 10:00-12:00", "there is no day 'Mon'. Days are Mo, Tu,"),
        ("Mo-Fr 8:00-21:00; We 20:00-22:00", "overlap: what opens We 08:00 is open until We 21"),
        ("Mo 10:00-12:00, 11:00-13:00", "opens again Mo 11:00"),
        ("Su 20:00-26:00; Mo 01:00-05:00", "overlap: what opens Su 20:00 is open until Mo 02:00"),
        ("10:00-30:00,20:00-22:00", "overlap"),
        ("Mo 10:00-12:00 Tu 10:00-12:00", "is no time of the day"),
    ],
)
def test_what_is_refused_in_one_line(hours, said):
    with pytest.raises(UserError) as told:
        read_hours(hours)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_the_next_change_is_where_it_opens_or_closes():
    hours = read_hours(MUSEUM)
    assert hours.next_change(at("Mo", "07:00")) == at("Mo", "08:00")
    assert hours.next_change(at("Mo", "08:00")) == at("Mo", "21:00")
    assert hours.next_change(at("Sa", "18:00")) == MONDAY + timedelta(days=7, hours=8)
    assert read_hours("Mo-Su 00:00-24:00").next_change(at("We", "12:00")) is None
    assert read_hours("Mo 10:00-12:00,12:00-14:00").next_change(at("Mo", "11:00")) == at(
        "Mo", "14:00"
    )


def test_it_changes_when_it_says_and_never_before():
    draw = random.Random(5)
    for text in (MUSEUM, "Fr 20:00-02:00", "Sa-Mo 9:00-12:00,14:30-25:15", "Su 23:00-47:00"):
        hours = read_hours(text)
        for _ in range(200):
            now = MONDAY + timedelta(minutes=draw.uniform(0, 2 * WEEK_MIN))
            change = hours.next_change(now)
            assert change is not None
            assert now < change <= now + timedelta(minutes=WEEK_MIN)
            passed = timedelta()
            while now + passed < change:
                assert hours.open_at(now + passed) == hours.open_at(now)
                passed += timedelta(minutes=17)
            assert hours.open_at(change) != hours.open_at(now)


def test_where_the_clock_jumps_the_hours_are_those_on_the_wall():
    berlin = ZoneInfo("Europe/Berlin")

    def open_minutes(first_utc: datetime, hours: str) -> int:
        read = read_hours(hours)
        moments = (first_utc + timedelta(minutes=n) for n in range(24 * 60))
        return sum(read.open_at(each.astimezone(berlin)) for each in moments)

    noon_before = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("UTC"))  # 02:00 is 03:00 that night
    assert open_minutes(noon_before, "Sa 22:00-28:00") == 5 * 60
    noon_before = datetime(2026, 10, 24, 12, tzinfo=ZoneInfo("UTC"))  # 03:00 is 02:00 again
    assert open_minutes(noon_before, "Sa 22:00-28:00") == 7 * 60
