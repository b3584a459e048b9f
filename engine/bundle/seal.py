"""The seal of a manifest: a SHA-256 of bundle.json inside bundle.json.

The manifest holds the hash of every other file; the seal closes the chain, so that a single
changed byte anywhere in a bundle is found. It guards against damage, not against forgery. It is
taken over the bytes of the file with the seal's own digits set to zeros.
"""

from __future__ import annotations

import hashlib
import re

UNSEALED = "0" * 64

_SEAL = re.compile(rb'"seal": "([0-9a-f]{64})"')


def seal(raw: bytes) -> bytes:
    """The manifest with its seal set. Raises ValueError unless it holds one field for it."""
    start, end, _ = _find(raw)
    return raw[:start] + _digest(raw, start, end) + raw[end:]


def is_sealed(raw: bytes) -> bool:
    """Whether these are the very bytes that were sealed."""
    try:
        start, end, digits = _find(raw)
    except ValueError:
        return False
    return digits == _digest(raw, start, end)


def _find(raw: bytes) -> tuple[int, int, bytes]:
    found = list(_SEAL.finditer(raw))
    if len(found) != 1:
        raise ValueError(f"the manifest has {len(found)} seals, must have one")
    return found[0].start(1), found[0].end(1), found[0].group(1)


def _digest(raw: bytes, start: int, end: int) -> bytes:
    blank = raw[:start] + UNSEALED.encode() + raw[end:]
    return hashlib.sha256(blank).hexdigest().encode()
