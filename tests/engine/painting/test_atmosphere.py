"""Light, season and style as they drift, are chosen and lean towards what is heard."""

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from engine.painting.atmosphere import (
    CROSSFADE_S,
    DAY_S,
    LIGHTS,
    SEASONS,
    STYLES,
    Atmosphere,
    Choice,
    calendar_seasons,
    day_lights,
)

NOON = datetime(2026, 6, 21, 12)
GROUPS = (slice(0, 7), slice(7, 11), slice(11, 14))


def lights(atmosphere: Atmosphere, now_s: float) -> dict[str, float]:
    return dict(zip(LIGHTS, atmosphere.at(now_s)[GROUPS[0]].tolist(), strict=True))


def test_each_group_is_a_mixture_at_every_moment():
    atmosphere = Atmosphere(3, NOON)
    for now_s in np.linspace(0, 3 * 86400, 500):
        found = atmosphere.at(float(now_s))
        assert found.shape == (14,)
        assert found.dtype == np.float32
        assert found.min() >= 0
        for group in GROUPS:
            assert found[group].sum() == pytest.approx(1, abs=1e-5)


def test_left_to_itself_it_never_jumps_and_goes_through_the_whole_day():
    atmosphere = Atmosphere(3, datetime(2026, 1, 21))
    found = np.stack([atmosphere.at(float(now_s)) for now_s in range(0, 86400, 2)])
    assert np.abs(np.diff(found, axis=0)).max() < 0.03
    strongest = {LIGHTS[i] for i in found[:, GROUPS[0]].argmax(1)}
    assert strongest == set(LIGHTS)
    shares = found[:, GROUPS[0]].mean(0)
    assert shares[:4].sum() > 0.6
    assert shares[:4].min() > 0.08


def test_a_wall_never_shows_the_same_hour_at_the_same_time_of_the_clock():
    positions = [86400 * day / DAY_S % 1.0 for day in range(60)]
    for i, one in enumerate(positions):
        for other in positions[:i]:
            apart = abs((one - other + 0.5) % 1.0 - 0.5)
            assert apart > 0.006
    today, tomorrow = (Atmosphere(1, NOON + timedelta(days=d)) for d in (0, 1))
    # Started anew each day, it goes on where the clock is.
    np.testing.assert_allclose(today.at(86400.0), tomorrow.at(0.0), atol=1e-5)
    seen = [Atmosphere(1, NOON + timedelta(days=d)).at(0.0)[GROUPS[0]] for d in range(6)]
    assert max(np.abs(a - b).max() for a, b in pairwise(seen)) > 0.9


def test_it_is_a_function_of_seed_date_and_moment():
    one, other = Atmosphere(3, NOON), Atmosphere(3, NOON)
    for now_s in (5.0, 17.0, 900.0):
        other.at(now_s)
    np.testing.assert_array_equal(one.at(4000.0), other.at(4000.0))
    assert not np.allclose(one.at(4000.0), Atmosphere(4, NOON).at(4000.0))


def test_a_choice_crosses_over_smoothly_in_three_seconds_and_back():
    atmosphere = Atmosphere(0, NOON, Choice("day", "summer"))
    before = atmosphere.at(10.0)
    assert before[LIGHTS.index("day")] == 1.0
    assert before[7 + SEASONS.index("summer")] == 1.0
    assert before[11] == 1.0
    atmosphere.choose(light="night", style="papercut")
    found = np.stack([atmosphere.at(10.0 + 0.05 * i) for i in range(80)])
    assert np.abs(np.diff(found, axis=0)).max() < 0.03
    half = found[round(CROSSFADE_S / 2 / 0.05)]
    assert half[LIGHTS.index("night")] == pytest.approx(0.5, abs=0.03)
    assert half[LIGHTS.index("day")] == pytest.approx(0.5, abs=0.03)
    assert found[-1][LIGHTS.index("night")] == 1.0
    assert found[-1][11 + STYLES.index("papercut")] == 1.0
    assert atmosphere.names == ("night", "summer", "papercut")
    assert atmosphere.choice == Choice("night", "summer", "papercut")


def test_another_choice_before_the_first_has_arrived_makes_no_jump():
    atmosphere = Atmosphere(0, NOON, Choice("day"))
    found = []
    for i in range(200):
        if i % 15 == 0:
            atmosphere.choose(light=("auto", *LIGHTS)[i // 15 % 8])
        found.append(atmosphere.at(0.1 * i))
    assert np.abs(np.diff(np.stack(found), axis=0)).max() < 0.06


def test_what_there_is_not_is_refused_and_nothing_changes():
    atmosphere = Atmosphere(0, NOON)
    with pytest.raises(ValueError, match='no light "noon"; choose auto, dawn, day'):
        atmosphere.choose(light="noon")
    with pytest.raises(ValueError, match='no style "cubism"'):
        Choice(style="cubism")
    with pytest.raises(ValueError, match='no season "advent"'):
        Choice(season="advent")
    assert atmosphere.choice == Choice()


@pytest.mark.parametrize(("sound", "light"), [("thunder", "storm"), ("owl", "night")])
def test_it_leans_slowly_to_what_is_heard_loudly_and_back(sound: str, light: str):
    quiet, loud = Atmosphere(2, NOON), Atmosphere(2, NOON)
    loud.hear({sound: 0.9, "dog": 0.9}, 0.0)
    found = [lights(loud, 0.1 * i)[light] for i in range(300)]
    assert found[-1] > 0.65
    assert max(np.abs(np.diff(found))) < 0.02
    loud.hear({}, 30.0)
    assert lights(loud, 31.0)[light] > 0.6
    assert lights(loud, 150.0)[light] == pytest.approx(lights(quiet, 150.0)[light], abs=0.05)


def test_a_choice_by_hand_does_not_lean():
    atmosphere = Atmosphere(2, NOON, Choice("day"))
    atmosphere.hear({"thunder": 1.0}, 0.0)
    assert lights(atmosphere, 60.0)["day"] == 1.0


def test_asking_more_often_changes_nothing():
    seldom, often = Atmosphere(2, NOON), Atmosphere(2, NOON)
    for i in range(20):
        for one in (seldom, often):
            one.hear({"rain": (i % 4) / 4, "fireworks": 0.3}, 0.2 * i)
        for j in range(9):
            often.at(0.2 * i + 0.02 * j)
    np.testing.assert_allclose(seldom.at(4.2), often.at(4.2), atol=1e-6)


def test_there_is_snow_in_winter_only():
    def most(begins: datetime) -> float:
        return max(lights(Atmosphere(0, begins), 60.0 * i)["snow"] for i in range(1440))

    assert most(datetime(2026, 1, 15)) > 0.5
    assert most(datetime(2026, 7, 15)) == 0.0


@pytest.mark.parametrize(
    ("date", "season"),
    [((1, 15), "winter"), ((4, 15), "spring"), ((7, 15), "summer"), ((10, 15), "autumn")],
)
def test_the_season_is_that_of_the_calendar(date: tuple[int, int], season: str):
    for year in (2024, 2026, 2031):
        found = Atmosphere(0, datetime(year, *date)).at(0.0)[GROUPS[1]]
        assert SEASONS[int(found.argmax())] == season
        assert found.max() == 1.0


def test_the_seasons_cross_over_through_the_year():
    year = np.stack([calendar_seasons(86400.0 * day) for day in np.arange(0, 366, 0.25)])
    assert np.abs(np.diff(year, axis=0)).max() < 0.03
    assert year.sum(1) == pytest.approx(1)
    assert year.mean(0) == pytest.approx(0.25, abs=0.02)
    march = Atmosphere(0, datetime(2026, 3, 1)).at(0.0)[GROUPS[1]]
    assert march[0] == pytest.approx(0.5, abs=0.1)
    assert march[3] == pytest.approx(0.5, abs=0.1)


def test_the_lights_of_a_day_follow_one_another():
    day = np.stack([day_lights(p) for p in np.linspace(0, 1, 2000)])
    assert day.sum(1) == pytest.approx(1)
    assert np.abs(np.diff(day, axis=0)).max() < 0.02
    order = [LIGHTS[i] for i in day.argmax(1)]
    assert [a for a, b in zip(order, [*order[1:], ""], strict=True) if a != b] == [
        "dawn", "day", "dusk", "night", "dawn"
    ]  # fmt: skip


def test_the_light_outside_takes_the_place_of_the_day_in_the_picture():
    atmosphere = Atmosphere(3, NOON)
    outside = {"night": 0.25, "dawn": 0.75}
    atmosphere.daylight = lambda: outside
    found = [lights(atmosphere, now_s) for now_s in np.linspace(0, 2 * DAY_S, 200)]
    fair = [each for each in found if each["storm"] + each["fog"] + each["snow"] == 0]
    assert fair
    for each in fair:
        assert each["night"] == pytest.approx(0.25)
        assert each["dawn"] == pytest.approx(0.75)
    assert all(each["day"] == each["dusk"] == 0 for each in found)
    atmosphere.choose(light="day")
    atmosphere.at(0.0)
    assert lights(atmosphere, CROSSFADE_S + 1.0)["day"] == pytest.approx(1)
