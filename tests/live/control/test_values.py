"""From what a hand sends to a control's own value, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from live.control.actions import BY_NAME, CONTROLS
from live.control.declared import Control, Kind
from live.control.values import share_of, step_from, value_at, value_of
from live.errors import UserError


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("sensitivity", -6, -6.0), ("sensitivity", 3.5, 3.5), ("panels", 2.0, 2),
        ("light", "night", "night"), ("light", 0, "auto"), ("light", 4.0, "night"),
        ("freeze", 1, True), ("freeze", 0.0, False), ("freeze", True, True),
        ("snapshot", 1, True), ("snapshot", 0, False), ("save-preset", "dusk", "dusk"),
    ],
)  # fmt: skip
def test_a_value_in_real_units(name: str, given: object, value: object) -> None:
    found = value_of(BY_NAME[name], given)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("sensitivity", 41.0, "a number from -40 to 40 dB"),
        ("sensitivity", "loud", "a number from"),
        ("sensitivity", math.nan, "a number from"),
        ("sensitivity", True, "a number from"),
        ("panels", 2.5, "a whole number from 0 to 4"),
        ("panels", math.inf, "a whole number"),
        ("light", "nigth", "Did you mean night?"),
        ("light", 8, "one of auto"),
        ("light", -1, "one of auto"),
        ("freeze", 2, "1 or 0"),
        ("freeze", "on", "1 or 0"),
        ("snapshot", b"\0", "1"),
        ("snapshot", None, "1"),
        ("save-preset", b"x", "a name"),
        ("target", [100], "a number from 50 to 5000 ms"),
    ],
)  # fmt: skip
def test_what_is_refused_is_one_line(name: str, given: object, expected: str) -> None:
    with pytest.raises(UserError) as caught:
        value_of(BY_NAME[name], given)
    line = str(caught.value)
    assert line.startswith(f"{name} is ")
    assert expected in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_a_fader_reaches_both_ends_and_comes_back_to_its_place(
    control: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))  # no presets of another test
    if control.name == "preset":
        with pytest.raises(UserError, match="no preset yet"):
            value_at(control, 0.5)
        return
    low, high = value_at(control, 0), value_at(control, 1.0)
    if control.kind in (Kind.NUMBER, Kind.WHOLE):
        assert (low, high) == (control.low, control.high)
    elif control.kind is Kind.WORD:
        assert (low, high) == (control.words[0], control.words[-1])
    else:
        assert (bool(low), bool(high)) in ((False, True), (False, False))
    if not control.is_done:
        for share in (0.0, 0.3, 0.5, 0.77, 1.0):
            value = value_at(control, share)
            assert value_of(control, value) == value
            assert value_at(control, share_of(control, value)) == value
    for wrong in (-0.1, 1.01, math.nan, "half", None, True):
        with pytest.raises(UserError, match="from 0 to 1"):
            value_at(control, wrong)


def test_a_step_goes_round_words_and_stops_at_the_ends_of_numbers() -> None:
    assert step_from(BY_NAME["sensitivity"], 0.0, up=True) == 3.0
    assert step_from(BY_NAME["sensitivity"], 39.0, up=True) == 40.0
    assert step_from(BY_NAME["panels"], 0, up=False) == 0
    words = BY_NAME["light"].words
    assert step_from(BY_NAME["light"], words[-1], up=True) == words[0]
    assert step_from(BY_NAME["light"], words[0], up=False) == words[-1]
    assert step_from(BY_NAME["freeze"], False, up=True) is True
