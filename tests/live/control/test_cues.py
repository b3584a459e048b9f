"""The cue list: read with care, begun by the clock or by hand."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest

from live.control.cues import Cue, CueClock, due, read_cues
from live.control.presets import preset_path, presets_folder
from live.errors import UserError
from tests.live.control.show import desk_of
from tests.live.staged_show import StagedShow
from tests.until import until

CUES = (Cue("day", time(8)), Cue("by hand"), Cue("evening", time(18, 30), 60.0))


@pytest.fixture(autouse=True)
def presets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two presets, and none of another test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    presets_folder().mkdir(parents=True)
    preset_path("day").write_text('light = "day"\n')
    preset_path("evening").write_text('light = "dusk"\n')


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2030, 6, day, hour, minute)


@pytest.mark.parametrize(
    ("since", "now", "index"),
    [
        (at(1, 7), at(1, 8), 0),
        (at(1, 8), at(1, 18, 29), None),
        (at(1, 18, 29), at(1, 18, 30), 2),
        (at(1, 7), at(1, 19), 2),  # the machine slept: only the newest
        (at(1, 19), at(2, 7), None),
        (at(1, 9), at(2, 9), 0),
        (at(1, 3), at(2, 3), 2),  # in force after a start by night: that of last evening
        (at(1, 18, 31), at(1, 17, 31), None),  # set back
    ],
)
def test_a_cue_is_due_once_at_its_time(since: datetime, now: datetime, index: int | None) -> None:
    assert due(CUES, since, now) == index


def test_the_clock_begins_what_is_in_force_and_then_the_next() -> None:
    begun: list[tuple[int, bool]] = []
    now = [at(1, 12)]
    clock = CueClock(CUES, lambda *cue: begun.append(cue), lambda: now[0])
    clock.start()
    until(lambda: begun == [(0, True)])
    now[0] = at(1, 18, 30)
    until(lambda: begun == [(0, True), (2, False)])
    clock.stop()


def test_a_list_is_read_and_played_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text(
        '[[cue]]\npreset = "evening"\ncross = 0\n[[cue]]\npreset = "day"\nat = 08:00:00\n'
    )
    cues = read_cues(path)
    assert cues == (Cue("evening", None, 0.0), Cue("day", time(8)))
    show = StagedShow()
    with desk_of(show) as (desk, told):
        with pytest.raises(UserError, match="--cues"):
            desk.apply({"next-cue": True}, "keys")
        desk.use_cues(cues)
        until(lambda: show.settings.light == "day")  # in force since yesterday or today
        until(lambda: told)
        assert told[0].line == "cue 2: preset day, in 0 s"
        assert desk.apply({"next-cue": True}, "keys") == "cue 1: preset evening, in 0 s"
        until(lambda: show.settings.light == "dusk")
        preset_path("day").unlink()
        with pytest.raises(UserError, match="no preset day"):
            desk.apply({"next-cue": True}, "keys")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "has no [[cue]]"),
        ("cue = 3", "has no [[cue]]"),
        ("[[cues]]\npreset = 'day'", "there is no cues"),
        ("[[cue]]\npreset = 'day'\n[[cue]]\npreset = 'dya'", "cue 2: preset is 'dya'"),
        ("[[cue]]\npreset = 'day'\nat = '18:00'", "cue 1: at is '18:00'"),
        ("[[cue]]\npreset = 'day'\nat = 25:00:00", "line 3"),
        ("[[cue]]\npreset = 'day'\ncross = -1", "cue 1: cross is -1"),
        ("[[cue]]\npreset = 'day'\nwhen = 1", "cue 1: there is no 'when'"),
        ("[[cue]]\nat = 18:00:00", "cue 1: preset is None"),
    ],
)
def test_a_broken_list_is_one_line_with_file_and_place(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = tmp_path / "list.toml"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        read_cues(path)
    assert str(path) in str(caught.value)
    assert expected in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
