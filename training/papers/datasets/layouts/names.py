"""Clips of YouTube videos in every spelling that files and lists have of them.

An id is eleven letters, digits, `-` and `_`, which may stand anywhere in it, so names are not split
at underscores. After it come seconds (`_000300`, `_30`, `_20_30`, `#457#467`), milliseconds
(`_30000_40000`) or nothing; before it some put a `Y`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TIME = r"(?:[_#](\d+(?:\.\d+)?))?"
_PLAIN = re.compile(rf"([\w-]{{11}}){_TIME}{_TIME}", re.ASCII)
_WITH_Y = re.compile(f"Y{_PLAIN.pattern}", re.ASCII)
_MEDIA = re.compile(r"\.(?:mp4|mkv|webm|avi|mov|wav|flac|mp3|m4a|ogg|opus|aac|jpe?g|png|webp)$")
_MILLISECONDS = 1000
"""A clip of so many seconds at least is one of milliseconds: all here last ten seconds."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A clip of a video."""

    video: str
    start_s: float | None
    """None where the name does not say."""

    @property
    def key(self) -> str:
        """As VGGSound names its files: `id_000300`."""
        return self.video if self.start_s is None else f"{self.video}_{self.start_s:06.0f}"


def moment(name: str) -> Moment | None:
    """What a name means, with or without the suffix of a file; None where it names no clip."""
    stem = _MEDIA.sub("", name.strip())
    found = _PLAIN.fullmatch(stem) or _WITH_Y.fullmatch(stem)
    if not found:
        return None
    video, start, end = found.groups()
    if start is None:
        return Moment(video, None)
    seconds = float(start)
    if end is not None:
        thousandths = float(end) - seconds >= _MILLISECONDS
    else:  # six digits are seconds: of VGGSound, which fills them up with zeros
        thousandths = seconds >= 10 * _MILLISECONDS and not start.startswith("0")
    return Moment(video, seconds / 1000 if thousandths else seconds)
