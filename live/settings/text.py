"""The text of a settings file, taken from whatever lies at its path."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from engine.system.outside import cut
from engine.system.plain_file import read_plain
from live.errors import UserError

MOST_BYTES = 1 << 18
"""No settings file is as long as this: what is, is something else."""
_DEEP_NAME = re.compile(r"""(?:\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')\s*){200}""")
"""A name of so many parts, over which Python's reader of TOML takes minutes."""


def read_toml(
    path: Path, what: str = "settings file", remedy: str = "write one with --save-settings"
) -> dict[str, Any]:
    """Return the TOML in a file, which may begin with a byte-order mark.

    what, remedy: what the file is and how one comes to be, for the line of an error.

    Raises:
        UserError: it is no plain file, cannot be read, is far too long, is not UTF-8, or is not
            TOML that can be read; the line names the file and which it is.
    """
    said = f"{what} {path}"
    try:
        raw = read_plain(path, MOST_BYTES)
    except OSError as error:
        raise UserError(
            f"{said} cannot be read ({error.strerror}): name one that exists, or {remedy}."
        ) from error
    try:
        text = raw.decode("utf-8-sig")
        if _DEEP_NAME.search(text):
            raise UserError(f"{said} holds a name of hundreds of parts: no setting has one.")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise UserError(f"{said} is not UTF-8 text: save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{said} is not valid TOML: {cut(str(error), 200)}.") from error
    except RecursionError as error:
        raise UserError(f"{said} is not valid TOML for this: it is nested too deep.") from error
    except ValueError as error:  # no fault of the TOML: Python reads no number of so many digits
        raise UserError(f"{said} holds a number of far too many digits.") from error
