"""'Did you mean': the nearest known name to one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ' Did you mean X?' (with its leading space), or '' when nothing known is near."""
    from difflib import get_close_matches  # only needed once something went wrong

    near = get_close_matches(name.lower(), list(known), n=1, cutoff=0.55)
    return f" Did you mean {near[0]}?" if near else ""
