"""AudioSet: `*_segments.csv` with three `#` lines, then ids, times and a quoted list of mids."""

from __future__ import annotations

from pathlib import Path

from training.papers.datasets.layouts.clips import Listing
from training.papers.datasets.layouts.media import YouTubeFiles
from training.papers.datasets.layouts.names import Moment, moment
from training.papers.datasets.layouts.tables import (
    lists_under,
    named_rows,
    rows,
    split_named,
)

ONTOLOGY = "class_labels_indices.csv"


def lists(root: Path) -> list[Path]:
    """The lists of segments."""
    return [path for path in lists_under(root, ".csv") if _is_list(path)]


def read(root: Path, given: list[Path]) -> Listing:
    """All clips of the lists; labels in words where `class_labels_indices.csv` is there too."""
    listing, files = Listing("audioset"), YouTubeFiles(root)
    words = _words([path for path in lists_under(root, ".csv") if path.name == ONTOLOGY])
    for path in given:
        name = path.stem.removesuffix("_segments")
        split = {"balanced_train": "train", "unbalanced_train": "unbalanced"}.get(name)
        split = split or split_named(path) or "all"
        for line, cells in rows(path):
            video = moment(cells[0])
            times = _times(cells)
            if video is None or times is None or len(cells) < 4:
                listing.unread.append(f"{path.name}:{line}")
                continue
            wanted = Moment(video.video, times[0])
            if not listing.lists(wanted.key, split):
                continue
            labels = [words.get(mid.strip(), mid.strip()) for mid in cells[3].split(",")]
            clip = files.clip(wanted, wanted.key, split, labels, times[1] - times[0])
            if isinstance(clip, str):
                listing.missing.append((wanted.key, clip))
            else:
                listing.clips.append(clip)
    return listing


def _words(found: list[Path]) -> dict[str, str]:
    return {
        row.get("mid", ""): row.get("display_name", "")
        for path in found[:1]
        for _, row in named_rows(path)
    }


def _times(cells: list[str]) -> tuple[float, float] | None:
    try:
        return float(cells[1]), float(cells[2])
    except (IndexError, ValueError):
        return None


def _is_list(path: Path) -> bool:
    cells = next((cells for _, cells in rows(path)), [])
    return len(cells) >= 4 and moment(cells[0]) is not None and _times(cells) is not None
