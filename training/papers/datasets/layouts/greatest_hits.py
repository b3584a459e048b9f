"""Greatest Hits: `<id>_denoised.{mp4,wav}`, `_denoised_thumb.mp4`, `_times.txt`; in pieces.

Where `train.txt` and `test.txt` list ids, they tell the splits; else all is `all`. A line of
`_times.txt` is a time, a material, an action and more; a piece is labelled with the materials that
are struck in it, and captioned with material and action.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from training.papers.datasets.layouts.clips import Clip, Listing
from training.papers.datasets.layouts.media import walk

PIECE_S = 10.0
"""Our choice: what the other data sets last."""
_TIMES = "_times.txt"
_VIDEOS = ("_denoised.mp4", "_denoised_thumb.mp4", "_mic.mp4")
_SOUNDS = ("_denoised.wav", "_denoised.mp4", "_mic.wav", "_mic.mp4")


def lists(root: Path) -> list[Path]:
    """The tables of hits."""
    return [path for path in walk(root) if path.name.endswith(_TIMES)]


def read(root: Path, given: list[Path]) -> Listing:
    """Pieces of all recordings, to the last hit of each."""
    listing, splits = Listing("greatest_hits"), _splits(root)
    for table in given:
        key = table.name.removesuffix(_TIMES)
        hits = _hits(table, listing)
        split = splits.get(key, "all")
        if not listing.lists(key, split):
            continue
        video = _first(table.parent, key, _VIDEOS)
        sound = _first(table.parent, key, _SOUNDS)
        if video is None or sound is None:
            wanted = _VIDEOS[0] if video is None else _SOUNDS[0]
            listing.missing.append((key, f"no {key}{wanted}"))
            continue
        pieces: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for time, material, action in hits:
            pieces[int(time // PIECE_S)].append((material, action))
        for number, struck in sorted(pieces.items()):
            known = [(material, action) for material, action in struck if material != "None"]
            listing.clips.append(
                Clip(
                    f"{key}_{number * PIECE_S:03.0f}", split,
                    tuple(dict.fromkeys(material for material, _ in known)),
                    tuple(dict.fromkeys(f"{m} {a}" for m, a in known if a != "None")),
                    sound, video, (), number * PIECE_S, PIECE_S,
                )
            )  # fmt: skip
    return listing


def _hits(table: Path, listing: Listing) -> list[tuple[float, str, str]]:
    hits = []
    text = table.read_text("utf-8-sig", errors="replace")
    for line, words in enumerate(map(str.split, text.splitlines()), 1):
        try:
            hits.append((float(words[0]), words[1], words[2]))
        except (IndexError, ValueError):
            if words:
                listing.unread.append(f"{table.name}:{line}")
    return hits


def _splits(root: Path) -> dict[str, str]:
    found = {}
    for split in ("train", "val", "test"):
        path = root / f"{split}.txt"
        if path.is_file():
            found |= dict.fromkeys(path.read_text("utf-8-sig").split(), split)
    return found


def _first(folder: Path, key: str, endings: tuple[str, ...]) -> Path | None:
    there = (folder / f"{key}{ending}" for ending in endings)
    return next((path for path in there if path.is_file()), None)
