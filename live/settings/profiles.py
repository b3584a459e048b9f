"""Named profiles: settings files in the configuration folder, called by their names."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from live.errors import UserError
from live.paths.write_whole import write_whole
from live.settings.file import (
    default_settings_path,
    encode_settings,
    read_settings_file,
    settings_text,
)
from live.settings.model import Settings
from live.suggest import did_you_mean

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def profile_path(name: str) -> Path:
    """Return where the profile of a name is, whether it is there or not.

    Raises:
        UserError: it is no name for a file.
    """
    if not _NAME.fullmatch(name):
        raise UserError(
            f"{name!r} is no name for a profile: use letters, digits, dots and dashes."
        )
    return _folder() / f"{name}.toml"


def profiles() -> tuple[str, ...]:
    """Return the names of the profiles there are, sorted."""
    folder = _folder()
    return tuple(sorted(path.stem for path in folder.glob("*.toml"))) if folder.is_dir() else ()


def read_profile(name: str) -> dict[str, Any]:
    """Return a profile's settings by their `Settings` attribute.

    Raises:
        UserError: there is no such profile (the line tells which there are), or its file is wrong.
    """
    path = profile_path(name)
    if os.path.lexists(path):
        return read_settings_file(path)
    known = profiles()
    if not known:
        raise UserError(
            f"there is no profile {name}, nor any other: soundglass tune writes one that suits "
            "this machine."
        )
    hint = did_you_mean(name, known) or f" There is {', '.join(known)}."
    raise UserError(f"there is no profile {name}.{hint}")


def write_profile(name: str, settings: Settings, names: Sequence[str], heading: str) -> Path:
    """Write the named ones of the settings as a profile, whole or not at all; return its file.

    heading: what the file begins with, in plain lines.

    Raises:
        UserError: the name or the file cannot be used.
    """
    path = profile_path(name)
    write_whole(path, encode_settings(settings_text(settings, names, heading)))
    return path


def _folder() -> Path:
    return default_settings_path().parent / "profiles"
