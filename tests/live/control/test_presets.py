"""Presets: saved from the running show, crossed over to, and read with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.control.actions import BY_NAME
from live.control.crossing import between
from live.control.presets import preset_names, preset_path, presets_folder, read_preset
from live.errors import UserError
from tests.live.control.show import desk_of
from tests.live.staged_show import StagedShow
from tests.until import until


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No presets of another test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_a_preset_is_saved_and_crossed_over_to() -> None:
    show = StagedShow()
    with desk_of(show) as (desk, _):
        desk.apply({"light": "night", "sensitivity": 12.0, "target": 100.0}, "keys")
        assert desk.apply({"save-preset": "evening"}, "keys").endswith("evening.toml")
        assert preset_names() == ("evening",)
        desk.apply({"light": "day", "sensitivity": 0.0, "target": 300.0, "cross": 0.5}, "keys")
        seen = []
        change = show.change

        def noted(**given: object) -> None:
            seen.append(given)
            change(**given)

        show.change = noted  # type: ignore[method-assign]
        assert desk.apply({"preset": "evening"}, "osc a") == "preset evening, in 0.5 s"
        until(lambda: show.settings.sensitivity_db == 12.0)
        assert (show.settings.light, show.settings.target_ms) == ("night", 100.0)
        assert desk.value("preset") == "evening"
        assert "light" in seen[0]
        gone = [given["sensitivity_db"] for given in seen if "sensitivity_db" in given]
        assert gone == sorted(gone)
        assert gone[0] < 12.0


def test_a_preset_holds_what_was_named() -> None:
    with desk_of(StagedShow()) as (desk, _):
        desk.apply({"save-preset": "two light freeze"}, "keys")
        assert read_preset("two", BY_NAME).values == {"light": "auto", "freeze": False}
        desk.apply({"save-preset": ""}, "keys")
        desk.apply({"save-preset": ""}, "keys")
        assert preset_names() == ("preset-1", "preset-2", "two")
        for said, expected in (
            ("../x light", "no name for a preset"), ("x lihgt", "Did you mean light"),
            ("x snapshot", "has no value"),
        ):  # fmt: skip
            with pytest.raises(UserError, match=expected):
                desk.apply({"save-preset": said}, "keys")
        assert preset_names() == ("preset-1", "preset-2", "two")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_hand_takes_a_control_out_of_a_crossing(at_once: bool) -> None:
    show = StagedShow()
    with desk_of(show) as (desk, _):
        desk.apply({"sensitivity": 40.0}, "keys")
        desk.save("loud sensitivity cross")
        desk.apply({"sensitivity": 0.0, "cross": 600.0}, "keys")
        desk.apply({"preset": "loud"}, "keys")
        until(lambda: show.settings.sensitivity_db > 0.0)
        if at_once:
            desk.apply({"sensitivity": -20.0}, "keys")
        else:
            desk.ask("sensitivity", -20.0, "midi a")
        until(lambda: show.settings.sensitivity_db == -20.0)
        assert desk._crossing is not None
        assert "sensitivity" not in desk._crossing._goal


def test_the_way_between_is_straight() -> None:
    assert between({"a": 2.0}, {"a": 4.0}, 0.25) == {"a": 2.5}


def test_a_preset_of_another_version_gives_what_it_can_and_says_the_rest() -> None:
    presets_folder().mkdir(parents=True)
    preset_path("old").write_text('light = "night"\nglow = 3\npanels = 9\nsnapshot = true\n')
    show = StagedShow()
    with desk_of(show) as (desk, _):
        line = desk.apply({"preset": "old"}, "keys")
        assert show.settings.light == "night"
        assert show.settings.panels == 4
        assert str(preset_path("old")) in line
        for said in ("no control glow", "panels is 9", "no control snapshot", "left out"):
            assert said in line
        assert len(line.splitlines()) == 1
    assert "glow" in preset_path("old").read_text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [(b"light = \n", "line 1"), (b"\xff\xfe", "not UTF-8"), (b"a = " + b"[" * 9000, "nested")],
)
def test_a_broken_preset_is_one_line_and_changes_nothing(text: bytes, expected: str) -> None:
    presets_folder().mkdir(parents=True)
    preset_path("broken").write_bytes(text)
    show = StagedShow()
    with desk_of(show) as (desk, _), pytest.raises(UserError) as caught:
        desk.apply({"preset": "broken"}, "keys")
    assert str(preset_path("broken")) in str(caught.value)
    assert expected in str(caught.value)
    assert show.settings.light == "auto"
    assert preset_path("broken").read_bytes() == text
