"""Every setting told at length: a table for people, a JSON schema for programs."""

from __future__ import annotations

from typing import Any

import msgspec

from live.settings.model import SPECS
from live.settings.spec import SettingSpec


def settings_table() -> str:
    """Return a table in Markdown: name, what it does, what is allowed, default, when it changes."""
    rows = [
        ("setting", "what it does", "allowed", "default", "a running show takes it up"),
        ("---",) * 5,
        *(_row(spec) for spec in SPECS.values()),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def settings_schema() -> dict[str, Any]:
    """Return the JSON schema of a settings file, by the names that people use.

    Beside the usual words each setting has `x-unit` (where it has one) and `x-change`, the name of
    a `live.settings.spec.Change`: what it takes to change it in a running show. A file's ending and
    that no hop is longer than the window are checked by `Settings` alone.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of soundglass",
        "type": "object",
        "properties": {name: _schema(spec) for name, spec in SPECS.items()},
        "additionalProperties": False,
    }


def _row(spec: SettingSpec) -> tuple[str, ...]:
    allowed = f"{spec.allowed} {spec.unit}".rstrip()
    default = "none" if spec.default in (None, ()) else f"{spec.default}".lower()
    return f"`{spec.name}`", spec.help, allowed, default, spec.change.value


def _schema(spec: SettingSpec) -> dict[str, Any]:
    made = msgspec.json.schema(spec.type)
    if spec.default is not None:
        made["default"] = list(spec.default) if spec.kind is tuple else spec.default
    if spec.unit:
        made["x-unit"] = spec.unit
    return made | {"x-change": spec.change.name.lower()}
