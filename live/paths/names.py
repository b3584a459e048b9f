"""Names of files and folders as people give them, before anything is opened."""

from __future__ import annotations

from pathlib import Path

from live.errors import UserError

SOURCES = r"source-(?:\d+|rest)\.wav"
"""Names of the files that a sound is taken apart into."""


def expand_path(name: str | Path) -> Path:
    """Return the path of a name, `~` and `~user` standing for a home folder.

    Raises:
        UserError: the name is empty or holds a NUL, which no system allows, or there is no such
            user.
    """
    text = str(name)
    if not text.strip():
        raise UserError("the name of a file is empty: give one.")
    if "\0" in text:
        raise UserError(f"the name {text} holds a NUL, which no file can have: use another one.")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # there is no such user, or nobody knows where home is
        whose = Path(text).parts[0]
        raise UserError(
            f"nobody knows the home folder {whose} of {text}: write the whole path, or ./ before "
            "a name that begins with ~."
        ) from error
