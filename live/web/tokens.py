"""The two secrets that let people in from elsewhere: one to look, one to play as well."""

from __future__ import annotations

import os
import re
import secrets
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from live.errors import UserError
from live.paths.write_whole import whole_file
from live.settings.file import default_settings_path

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
BYTES = 16
"""Of chance in a token."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a link carries; the same for every show of this person, so that links stay good."""

    viewer: str
    operator: str


def tokens_path() -> Path:
    """Return the file of the tokens; it need not exist."""
    return default_settings_path().parent / "web.toml"


def keep_tokens() -> Tokens:
    """Return the tokens, made anew where there are none, or where others could read them.

    Raises:
        UserError: the file cannot be written, or what is in it are no tokens.
    """
    path = tokens_path()
    try:
        with path.open("rb") as file:
            if not stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                return _read(tomllib.load(file))
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path} does not hold two tokens ({error}): delete it, and new ones are made."
        ) from error
    made = Tokens(secrets.token_urlsafe(BYTES), secrets.token_urlsafe(BYTES))
    _write(path, made)
    return made


def _read(given: dict[str, object]) -> Tokens:
    viewer, operator = str(given.get("viewer", "")), str(given.get("operator", ""))
    if not _TOKEN.fullmatch(viewer) or not _TOKEN.fullmatch(operator) or viewer == operator:
        raise ValueError("viewer and operator, 16 letters or more, not the same")
    return Tokens(viewer, operator)


def _write(path: Path, tokens: Tokens) -> None:
    text = (
        "# Who has one of these may see the show in a browser; the operator may play it too.\n"
        "# Delete this file to have new ones made.\n"
        f'viewer = "{tokens.viewer}"\noperator = "{tokens.operator}"\n'
    )
    with whole_file(path) as temporary:
        made = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="utf-8") as file:
            file.write(text)
