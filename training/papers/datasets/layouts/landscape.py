"""Landscape: a list of clips such as `CI0jX5TMs0Q#457#467`, or folders of WAV and PNG by split."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from training.papers.datasets.layouts.clips import Clip, Listing
from training.papers.datasets.layouts.events import event_lists, plain, read_events
from training.papers.datasets.layouts.media import Held, hold, is_media, walk

_SPLITS = ("train", "val", "test")
_KINDS = frozenset(
    {"audio", "audios", "wav", "sound", "sounds", "image", "images", "img", "png", "frames"}
)


def lists(root: Path) -> list[Path]:
    """The list of clips; where there is none, the folders of splits, if they hold WAV and PNG."""
    found = event_lists(root, "#")
    return found or [folder for folder in _folders(root) if _is_paired(folder)]


def read(root: Path, given: list[Path]) -> Listing:
    """All clips of the lists or folders."""
    if all(path.is_file() for path in given):
        return read_events("landscape", root, given)
    listing = Listing("landscape")
    for folder in given:
        held: defaultdict[str, Held] = defaultdict(Held)
        named: dict[str, str] = {}
        for path in walk(folder):
            if is_media(path):
                hold(held[path.stem], path)
                kinds = [part for part in path.relative_to(folder).parts[:-1]]
                words = [plain(part) for part in kinds if part.lower() not in _KINDS]
                named.setdefault(path.stem, words[-1] if words else "")
        for stem, files in held.items():
            if not listing.lists(stem, folder.name):
                continue
            if files.sound is None or not files.stills:
                kind = "sound" if files.sound is None else "picture"
                listing.missing.append((stem, f"no {kind} beside it"))
                continue
            labels = (named[stem],) if named[stem] else ()
            listing.clips.append(
                Clip(stem, folder.name, labels, (), files.sound, None, tuple(files.stills))
            )
    return listing


def _folders(root: Path) -> list[Path]:
    return [root / split for split in _SPLITS if (root / split).is_dir()]


def _is_paired(folder: Path) -> bool:
    found: set[str] = set()
    for path in walk(folder):
        found.add(path.suffix.lower())
        if {".wav", ".png"} <= found:
            return True
    return False
