"""What a layout finds: clips, by the files that hold them, and what it did not find."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Still:
    """A picture file."""

    time: float
    """Seconds, or its number."""
    path: Path


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip, as the files that hold it."""

    key: str
    split: str
    labels: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    sound: Path | None = None
    """A sound file, or a video of which the sound is taken; None for pictures alone."""
    video: Path | None = None
    stills: tuple[Still, ...] = ()
    """Taken where there is no video."""
    start_s: float = 0.0
    """Where the clip begins in the files."""
    seconds: float | None = None
    """How long it lasts; None to the end."""
    cut: bool = False
    """The files may be cut already: `start_s` counts only where they are longer than the clip."""


@dataclass(slots=True)
class Listing:
    """All that a data set lists."""

    dataset: str
    clips: list[Clip] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    """Key and why: of clips that are listed and whose files are not there."""
    duplicate: list[tuple[str, str]] = field(default_factory=list)
    """Key and why: of clips that are listed again; the first stays."""
    unread: list[str] = field(default_factory=list)
    """Lines of a list that name no clip, as `file:line`."""
    keys: dict[str, str] = field(default_factory=dict)
    """Split of every key that is listed."""

    def only(self, splits: set[str]) -> Listing:
        """What is listed of some splits; lines that name no clip are of all of them."""

        def ours(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
            return [pair for pair in pairs if self.keys[pair[0]] in splits]

        clips = [clip for clip in self.clips if clip.split in splits]
        return replace(
            self, clips=clips, missing=ours(self.missing), duplicate=ours(self.duplicate)
        )

    def lists(self, key: str, split: str) -> bool:
        """Note that a key is listed; False where it was before."""
        if key in self.keys:
            first = self.keys[key]
            again = "listed again" if first == split else f"in {first} already, so not in {split}"
            self.duplicate.append((key, again))
            return False
        self.keys[key] = split
        return True
