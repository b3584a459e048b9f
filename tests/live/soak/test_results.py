"""What is made of a soak's reports."""

import math
from dataclasses import replace

import pytest

from live.soak.reports import Report
from live.soak.results import (
    fault_table,
    handles_more,
    least_memory,
    lost_samples,
    measures_of,
    p95_by_hour,
    slope_per_hour,
)
from live.soak.run import Done, Soaked

START = Report(0.0, 0, 0, None, 0, 150.0, 500.0, 40)


def reports(seconds: int, **rises: float) -> list[Report]:
    """One report a second, of which some fields rise so much each second."""
    return [
        replace(START, at_s=float(n), **{k: getattr(START, k) + n * r for k, r in rises.items()})
        for n in range(seconds)
    ]


def test_memory_that_grows_is_seen_as_so_much_an_hour():
    assert slope_per_hour([(float(n), 500 + n / 3600) for n in range(2000)]) == pytest.approx(1.0)
    assert math.isnan(slope_per_hour([(0.0, 500.0)] * 2))


def test_memory_that_comes_and_goes_is_none_that_grows():
    building = reports(1000, memory_mb=0.001)
    building[800:990] = [replace(r, memory_mb=r.memory_mb + 500) for r in building[800:990]]
    points = least_memory(building)
    assert len(points) == 20
    assert slope_per_hour(points[:16]) == pytest.approx(3.6)
    assert slope_per_hour([(r.at_s, r.memory_mb) for r in building]) > 1000.0


def test_losses_are_told_apart_by_whether_there_was_a_microphone():
    made = reports(100)
    made = [replace(r, lost=0 if r.at_s < 20 else 480 if r.at_s < 60 else 500) for r in made]
    unplugged = Done("microphone unplugged", 18.0, 23.0, 25.0)
    full = Done("disk full", 55.0, 60.0, 61.0)
    assert lost_samples(made, [unplugged, full]) == (20, 480)
    assert lost_samples(made, [replace(unplugged, back_s=None)]) == (0, 500)


def test_handles_that_are_left_open_are_seen():
    coming_and_going = reports(1000)
    coming_and_going[700:990] = [replace(r, handles=60) for r in coming_and_going[700:990]]
    assert handles_more(coming_and_going) == 0
    assert handles_more(reports(1000, handles=0.01)) == pytest.approx(5.0)


def test_each_hour_has_the_median_of_its_minutes_and_the_worst():
    made = reports(7200)
    made = [replace(r, p95_ms=300.0 if 120 <= r.at_s < 180 else 150.0) for r in made]
    made += [replace(START, at_s=7300.0, p95_ms=None)]
    assert p95_by_hour(made, 0.0) == [(150.0, 300.0), (150.0, 150.0)]


def test_the_measures_tell_a_good_run_from_a_bad_one():
    done = (Done("disk full", 5.0, 10.0, 11.0),)
    good = {each.name: each for each in measures_of(Soaked(0.0, tuple(reports(60)), done, 143, ""))}
    assert all(each.reached is not False for each in good.values())
    bad = Soaked(0.0, tuple(reports(60, memory_mb=1.0)), (replace(done[0], back_s=None),), 1, "")
    found = {each.name: each for each in measures_of(bad)}
    for name in ("faults not survived", "ends of the show", "memory slope"):
        assert found[name].reached is False
    assert math.isclose(found["memory slope"].value, 3600.0)
    assert "disk full                        1         1  1.0 / 1.0 s" in fault_table(done)
