"""One home for every default, help text and range."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.atmosphere_choice import Choice
from live.errors import UserError
from live.settings.model import SPECS, Settings


def test_the_defaults_are_allowed() -> None:
    default = Settings()
    assert default.window_s == 4.0
    assert default.hop_s == 0.2
    assert default.input == "mic"


def test_every_setting_has_help_and_a_name_without_a_unit() -> None:
    assert {spec.attribute for spec in SPECS.values()} == {
        field.name for field in dataclasses.fields(Settings)
    }
    for name, spec in SPECS.items():
        assert spec.help
        assert "_" not in name
        assert spec.metavar or spec.choices or spec.kind is bool


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("panels", 5),
        ("panels", -1),
        ("panels", 2.0),
        ("panels", True),
        ("panels", "3"),
        ("window_s", 0.5),
        ("window_s", float("nan")),
        ("window_s", float("inf")),
        ("hop_s", 0.0),
        ("steps", 100),
        ("seed", -1),
        ("fullscreen", 1),
        ("runtime", "tensorflow"),
        ("light", "midnight"),
        ("season", "monsoon"),
        ("style", "auto"),
        ("record", Path("show.avi")),
        ("input", ""),
        ("input", "a\0b"),
        ("duration_s", -1.0),
        ("target_ms", 1e9),
    ],
)
def test_a_value_out_of_range_is_one_line_with_name_value_and_range(
    attribute: str, value: object
) -> None:
    spec = next(spec for spec in SPECS.values() if spec.attribute == attribute)
    with pytest.raises(UserError) as caught:
        Settings(**{attribute: value})  # pyright: ignore[reportArgumentType]
    line = str(caught.value)
    assert "\n" not in line
    assert spec.name in line
    assert repr(value) in line
    assert spec.allowed in line


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        ({}, False),
        ({"headless": True}, True),
        ({"fullscreen": True}, True),
        ({"headless": True, "wait": False}, False),
        ({"wait": True}, True),
    ],
)
def test_a_show_that_nobody_attends_waits_for_its_microphone(given, waits) -> None:
    assert Settings(**given).waits is waits


def test_what_is_asked_of_the_pictures_by_default_is_the_engine_s_default() -> None:
    assert Choice(Settings().light, Settings().season, Settings().style) == Choice()


def test_a_misspelt_light_names_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean night"):
        Settings(light="nigth")


def test_a_hop_longer_than_the_window_is_refused() -> None:
    with pytest.raises(UserError, match="hop"):
        Settings(window_s=1.0, hop_s=1.5)


def test_a_whole_number_will_do_where_a_number_is_wanted() -> None:
    window = Settings(window_s=3).window_s
    assert window == 3.0
    assert isinstance(window, float)


@given(st.sampled_from([s for s in SPECS.values() if s.kind in (int, float)]), st.data())
def test_every_value_inside_the_range_is_taken(spec, data) -> None:
    numbers = st.integers if spec.kind is int else st.floats
    value = data.draw(numbers(min_value=spec.low, max_value=spec.high))
    others = {"window_s": 10.0} if spec.attribute == "hop_s" else {}
    others |= {"hop_s": 0.1} if spec.attribute == "window_s" else {}
    assert getattr(Settings(**(others | {spec.attribute: value})), spec.attribute) == value
