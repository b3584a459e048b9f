"""The sound, video and picture files under a folder, by name."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from training.papers.datasets.layouts.clips import Clip, Still
from training.papers.datasets.layouts.names import Moment, moment

SOUNDS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac")
VIDEOS = (".mp4", ".mkv", ".webm", ".avi", ".mov")
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_FRAME = re.compile(r"(.+?)_frame_?(\d+)")
_NUMBER = re.compile(r"(?:frame|image|img)?[_-]?(\d+)", re.I)
"""Of a frame. `frame_00001` could be the id of a video, but is none."""


@dataclass(slots=True)
class Held:
    """The files of one clip."""

    sound: Path | None = None
    video: Path | None = None
    stills: list[Still] = field(default_factory=list)


def walk(root: Path) -> Iterator[Path]:
    """Every file under a folder in order of name; links to folders are followed, once each."""
    seen = {os.path.realpath(root)}
    for folder, folders, files in os.walk(root, followlinks=True):
        kept = []
        for name in sorted(folders):
            real = os.path.realpath(os.path.join(folder, name))
            if real not in seen:
                seen.add(real)
                kept.append(name)
        folders[:] = kept
        yield from (Path(folder, name) for name in sorted(files))


def hold(held: Held, path: Path, time: float = 0.0) -> None:
    """Add a file to those of its clip. Of two of a kind the better format stays, then the first."""
    suffix = path.suffix.lower()
    if suffix in SOUNDS:
        held.sound = _better(SOUNDS, held.sound, path)
    elif suffix in VIDEOS:
        held.video = _better(VIDEOS, held.video, path)
    elif suffix in PICTURES:
        held.stills.append(Still(time, path))


def _better(formats: tuple[str, ...], first: Path | None, second: Path) -> Path:
    if first is None:
        return second
    return min(first, second, key=lambda path: formats.index(path.suffix.lower()))


def is_media(path: Path) -> bool:
    """Whether a file is a sound, a video or a picture, by its name."""
    return path.suffix.lower() in SOUNDS + VIDEOS + PICTURES


def framed(stem: str) -> tuple[str, float]:
    """The clip that a picture is of, and its time: `x_frame_3` is the third of x."""
    found = _FRAME.fullmatch(stem)
    return (found.group(1), float(found.group(2))) if found else (stem, 0.0)


class YouTubeFiles:
    """The files under a folder by the clip that they are named after, however that is spelled."""

    def __init__(self, root: Path) -> None:
        self._of: defaultdict[str, dict[float | None, Held]] = defaultdict(dict)
        self.pictured = False
        """Whether there is any video or picture: then a clip without one is not whole."""
        for path in walk(root):
            if not is_media(path):
                continue
            stem, time = framed(path.stem)
            if path.suffix.lower() in PICTURES and (number := _NUMBER.fullmatch(stem)):
                # a folder of frames for each clip
                stem, time = path.parent.name, float(number.group(1))
            named = moment(stem)
            if named is not None:
                held = self._of[named.video].setdefault(named.start_s, Held())
                hold(held, path, time)
                self.pictured |= path.suffix.lower() not in SOUNDS

    def starts(self, video: str) -> list[float | None]:
        """The moments of a video that there are files of."""
        return list(self._of.get(video, ()))

    def find(self, wanted: Moment) -> tuple[Held, bool] | None:
        """The files of a clip, and whether their names say where it begins; None without any."""
        of_video = self._of.get(wanted.video, {})
        for start, held in of_video.items():
            if start is not None and _same(start, wanted.start_s):
                return held, True
        if None in of_video:
            return of_video[None], False
        if wanted.start_s is None and len(of_video) == 1:
            return next(iter(of_video.values())), True
        return None

    def clip(
        self, wanted: Moment, key: str, split: str, labels: Iterable[str], seconds: float
    ) -> Clip | str:
        """The clip of a moment, or why there is none."""
        found = self.find(wanted)
        if found is None:
            return "no file of it"
        held, named = found
        if held.sound is None and held.video is None:
            return "pictures, but no sound file"
        if self.pictured and held.video is None and not held.stills:
            return "sound, but no video or picture"
        start = 0.0 if named else wanted.start_s or 0.0
        return Clip(
            key, split, tuple(labels), (), held.sound or held.video, held.video,
            tuple(sorted(held.stills, key=lambda still: (still.time, still.path))),
            start, seconds, cut=True,
        )  # fmt: skip


def _same(start: float, wanted: float | None) -> bool:
    return wanted is not None and int(start) == int(wanted)

