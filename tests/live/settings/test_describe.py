"""The table and the JSON schema say what `Settings` checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from live.errors import UserError
from live.settings.changes import CHANGEABLE
from live.settings.describe import settings_schema, settings_table
from live.settings.model import SPECS, Settings
from live.settings.spec import Change


def test_every_setting_is_a_row_of_the_table() -> None:
    heading, rule, *rows = settings_table().splitlines()
    assert {line.count(" | ") for line in (heading, rule, *rows)} == {4}
    for spec, row in zip(SPECS.values(), rows, strict=True):
        assert row.startswith(f"| `{spec.name}` | {spec.help} | {spec.allowed}")
        assert row.endswith(f"| {spec.change.value} |")


def test_the_page_of_settings_has_the_table() -> None:
    page = Path(__file__).parents[3] / "docs" / "settings.md"
    assert settings_table() in page.read_text("utf-8"), "put settings_table() there anew"


def test_the_schema_is_json_and_has_every_setting_by_its_name() -> None:
    schema = settings_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert list(schema["properties"]) == list(SPECS)
    assert schema["additionalProperties"] is False
    window = schema["properties"]["window"]
    assert window["description"] == SPECS["window"].help
    assert (window["type"], window["default"], window["x-unit"]) == ("number", 4.0, "s")
    assert window["x-change"] == "hears_anew"
    assert "default" not in schema["properties"]["record"]


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_the_schema_has_the_range_that_is_checked(spec) -> None:
    said = settings_schema()["properties"][spec.name]
    assert set(said.get("enum", ())) == set(spec.choices)
    assert (said.get("minimum"), said.get("maximum")) == (spec.low, spec.high)
    if "maximum" in said:
        with pytest.raises(UserError, match=spec.name):
            Settings(**{spec.attribute: spec.kind(said["maximum"] + 1)})


def test_what_needs_a_restart_has_no_row_in_the_panel() -> None:
    for spec in SPECS.values():
        assert (spec.change is not Change.RESTART) == (spec.attribute in CHANGEABLE)
        assert (spec.panel is not None) == (spec.attribute in CHANGEABLE)
