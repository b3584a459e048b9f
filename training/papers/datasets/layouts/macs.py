"""The folders of MACS: `<DATASET>/<split>/{image,audio}/`, `<id>_frame_N.jpg` and `<id>.wav`."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from training.papers.datasets.layouts.clips import Clip, Listing
from training.papers.datasets.layouts.media import Held, framed, hold, is_media, walk


def lists(root: Path) -> list[Path]:
    """The folders of splits."""
    found = [*root.glob("*"), *root.glob("*/*")]
    return sorted(
        path for path in found if (path / "image").is_dir() and (path / "audio").is_dir()
    )


def read(root: Path, given: list[Path]) -> Listing:
    """All clips; the layout knows no labels. A picture's time is its number."""
    listing = Listing("macs")
    for folder in given:
        held: defaultdict[str, Held] = defaultdict(Held)
        for path in walk(folder):
            if is_media(path):
                stem, time = framed(path.stem)
                hold(held[stem], path, time)
        for key, files in sorted(held.items()):
            if not listing.lists(key, folder.name):
                continue
            if files.sound is None or not files.stills:
                kind = "audio" if files.sound is None else "image"
                listing.missing.append((key, f"no {folder.name}/{kind}/ file of it"))
                continue
            stills = tuple(sorted(files.stills, key=lambda still: (still.time, still.path)))
            listing.clips.append(Clip(key, folder.name, sound=files.sound, stills=stills))
    return listing
