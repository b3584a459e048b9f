"""Sizes of files as people write them."""

from __future__ import annotations

import re

from live.errors import UserError

_UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}
LEAST = 100 * 10**6
"""Less is no room for a few minutes of recording."""
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([MGT]B?)\s*", re.IGNORECASE)


def read_size(text: str) -> int:
    """Return the bytes of a size such as "20GB".

    Raises:
        UserError: it is no size, or too little to keep anything in.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise UserError(f"keep is {text!r}, but must be a size such as 500MB, 20GB or 1.5TB.")
    size = round(float(found[1]) * _UNITS[found[2].upper().rstrip("B") + "B"])
    if size < LEAST:
        raise UserError(f"keep is {text!r}, but must be {LEAST // 10**6}MB at least.")
    return size


def said_size(size: int) -> str:
    """Return a number of bytes as people write it."""
    unit = next((u for u in ("TB", "GB") if size >= _UNITS[u]), "MB")
    return f"{size / _UNITS[unit]:.3g} {unit}"
