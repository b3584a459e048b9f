"""The settings file: TOML with the names of the command line's options."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from live.errors import UserError
from live.paths.write_whole import write_whole
from live.settings.check import check_value
from live.settings.model import SPECS, Settings, unknown_setting
from live.settings.spec import SettingSpec


def default_settings_path() -> Path:
    """Return where a person's own settings file is looked for; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path("soundglass", appauthor=False) / "settings.toml"


def read_settings_file(path: Path) -> dict[str, Any]:
    """Return the file's settings by their `Settings` attribute, checked one by one.

    Raises:
        UserError: the file cannot be read, is not TOML, or holds an unknown name, a wrong type or
            a value out of range; the line names the file, the key, the value and the range.
    """
    from live.settings.text import read_toml

    values = {}
    for name, value in read_toml(path).items():
        if name not in SPECS:
            raise unknown_setting(name, f"settings file {path}")
        spec = SPECS[name]
        values[spec.attribute] = check_value(spec, value, f"settings file {path}: {name}")
    return values


def write_settings_file(settings: Settings, path: Path) -> None:
    """Write every setting with its help as a comment; whole or not at all.

    Raises:
        UserError: the file cannot be written.
    """
    heading = "Settings of soundglass. Options on the command line win over this file."
    write_whole(path, encode_settings(settings_text(settings, tuple(SPECS), heading)))


def encode_settings(text: str) -> bytes:
    """Return the bytes of a settings file.

    Raises:
        UserError: a name in it is no UTF-8, which TOML has to be.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.splitlines()[text.count("\n", 0, error.start)]
        raise UserError(
            f"cannot write {line} into a settings file: it is not UTF-8; use another name."
        ) from error


def settings_text(settings: Settings, names: Sequence[str], heading: str) -> str:
    """Return named settings as TOML, each with its help as a comment; heading may have lines."""
    lines = [*(f"# {line}" for line in heading.splitlines()), ""]
    for spec in (SPECS[name] for name in names):
        value = getattr(settings, spec.attribute)
        lines.append(f"# {spec.help} ({spec.allowed})")
        if value is None:
            lines.append(f"# {spec.name} = " + ("true" if spec.kind is bool else '""'))
        else:
            lines.append(f"{spec.name} = {_toml(spec, value)}")
        lines.append("")
    return "\n".join(lines)


def _toml(spec: SettingSpec, value: Any) -> str:
    if spec.kind is bool:
        return "true" if value else "false"
    if spec.kind in (int, float):
        return repr(value)
    if spec.kind is tuple:
        return f"[{', '.join(_toml_text(each) for each in value)}]"
    return _toml_text(str(value))


def _toml_text(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
