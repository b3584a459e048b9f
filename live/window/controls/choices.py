"""Saying which light, season or style it is, and what was just changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.atmosphere_choice import AUTO
from live.control.declared import Control, Value
from live.control.values import said
from live.settings.model import SPECS

if TYPE_CHECKING:
    from live.view.picture import Status

_LEFT_TO_ITSELF = {"light": "drifting through the day", "season": "by the calendar"}


def describe_value(control: Control, value: Value) -> str:
    """Return the line that names a value just set."""
    line = f"{control.name}: {said(control, value)}"
    alone = _LEFT_TO_ITSELF.get(control.name, "")
    return f"{line}, {alone}" if value == AUTO and alone else line


def describe_changes(given: Mapping[str, Any]) -> str:
    """Return the line that names settings just changed, given by attribute."""
    names = {spec.attribute: spec.name for spec in SPECS.values()}
    values = {a: f"{v:g}" if isinstance(v, float) else f"{v}" for a, v in given.items()}
    return ", ".join(f"{names[attribute]}: {value}" for attribute, value in values.items())


def choice_rows(status: Status) -> list[tuple[str, str]]:
    """Return a line for each: what was asked for and, where it is left to itself, what it is."""
    rows = []
    for what, seen in zip(("light", "season", "style"), status.seen, strict=True):
        asked = getattr(status.asked, what)
        rows.append((what, f"{asked}, now {seen}" if asked == AUTO and seen else asked))
    return rows
