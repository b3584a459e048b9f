"""A value that somebody gave for a setting: in the setting's own type, or one line of complaint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from engine.system.outside import cut
from live.errors import UserError
from live.paths.names import expand_path
from live.settings.spec import SettingSpec
from live.suggest import did_you_mean


def check_value(spec: SettingSpec, value: Any, said_as: str) -> Any:
    """Return the value in the setting's own type, or raise `UserError`.

    said_as names the thing in the error line: "setting panels", "--panels".
    """
    if value is None and spec.default is None:
        return None
    given = str(value) if isinstance(value, Path) and spec.kind in (str, Path) else value
    if spec.kind is str and type(value) is int and abs(value) < 1000:
        given = str(value)  # a screen or a device may be a number, and a file has it as one
    try:
        found = msgspec.convert(given, spec.type)
        if spec.suffix and Path(found).suffix.lower() != spec.suffix:
            raise ValueError
    except (msgspec.ValidationError, ValueError) as error:  # the latter: no UTF-8 for a choice
        hint = did_you_mean(given, spec.choices) if isinstance(given, str) else ""
        said = f"{said_as} is {_shown(value)}, but must be {spec.allowed}."
        raise UserError(said + hint) from error
    return expand_path(found) if spec.kind is Path else found


def _shown(value: Any) -> str:
    """Return a value as an error line shows it: not a number of thousands of digits, say."""
    try:
        return cut(repr(value), 300)
    except (ValueError, RecursionError):
        return "far too long"
