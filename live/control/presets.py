"""Presets: named values of any controls, each a TOML file in the configuration folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live.control.declared import Control, Value
from live.control.values import value_of
from live.errors import UserError
from live.paths.write_whole import write_whole
from live.settings.file import default_settings_path, encode_settings
from live.settings.text import read_toml
from live.suggest import did_you_mean

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Preset:
    """What a preset asks for."""

    values: Mapping[str, Value]
    """By name of the control."""
    left_out: str = ""
    """One line that names the file and what of it no control knows or takes; empty when all is
    well."""


def presets_folder() -> Path:
    """Return the folder of the presets; it need not exist."""
    return default_settings_path().parent / "presets"


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets there are, sorted."""
    folder = presets_folder()
    return tuple(sorted(path.stem for path in folder.glob("*.toml"))) if folder.is_dir() else ()


def preset_path(name: str) -> Path:
    """Return where the preset of a name is, whether it is there or not.

    Raises:
        UserError: it is no name for a file.
    """
    if not _NAME.fullmatch(name):
        raise UserError(f"{name!r} is no name for a preset: use letters, digits, dots and dashes.")
    return presets_folder() / f"{name}.toml"


def free_name() -> str:
    """Return a name that no preset has: preset-1 or the next that is free."""
    taken, number = preset_names(), 1
    while f"preset-{number}" in taken:
        number += 1
    return f"preset-{number}"


def read_preset(name: str, controls: Mapping[str, Control]) -> Preset:
    """Return a preset, without what this version has no control for or does not allow.

    Raises:
        UserError: there is no such preset, or its file is no TOML that can be read; the line names
            the file and the place.
    """
    path = preset_path(name)
    if not path.exists():
        known = preset_names()
        hint = did_you_mean(name, known) or (f" There is {', '.join(known)}." if known else "")
        raise UserError(f"there is no preset {name}.{hint}")
    values: dict[str, Value] = {}
    faults = []
    for key, given in read_toml(path, "preset", "save one with save-preset").items():
        control = controls.get(key)
        if control is None or control.is_done:
            faults.append(f"there is no control {key} to set")
            continue
        try:
            values[key] = value_of(control, given)
        except UserError as error:
            faults.append(str(error).rstrip("."))
    return Preset(values, f"preset {path}: {'; '.join(faults)}; left out." if faults else "")


def write_preset(name: str, values: Mapping[str, Value], controls: Mapping[str, Control]) -> Path:
    """Write a preset, whole or not at all; return its file.

    Raises:
        UserError: the name or the file cannot be used.
    """
    path = preset_path(name)
    lines = [f"# The preset {name} of soundglass: any controls, by their names.", ""]
    for key, value in values.items():
        lines += [f"# {controls[key].help} ({controls[key].allowed})", f"{key} = {_toml(value)}"]
    write_whole(path, encode_settings("\n".join(lines) + "\n"))
    return path


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
