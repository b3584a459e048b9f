"""Tab-separated lists with the columns `filename` and `event_labels`, as LLP and Landscape have."""

from __future__ import annotations

from pathlib import Path

from training.papers.datasets.layouts.clips import Listing
from training.papers.datasets.layouts.media import YouTubeFiles
from training.papers.datasets.layouts.names import moment
from training.papers.datasets.layouts.tables import (
    first_line,
    lists_under,
    named_rows,
    split_named,
)

SECONDS = 10.0


def event_lists(root: Path, mark: str) -> list[Path]:
    """The lists in which a first clip has a mark in its name (`#`), or where "" has none."""
    found = []
    for path in lists_under(root, ".csv", ".tsv", ".txt"):
        heading = {cell.strip().lower() for cell in first_line(path).split("\t")}
        # lists of single events, with their onsets, are for measuring parsers
        if {"filename", "event_labels"} <= heading and "onset" not in heading:
            name = next((row.get("filename", "") for _, row in named_rows(path, "\t")), "")
            if ("#" in name) == bool(mark):
                found.append(path)
    parts = [path for path in found if split_named(path)]
    return parts or found  # the whole list beside those of the parts repeats them


def read_events(dataset: str, root: Path, given: list[Path]) -> Listing:
    """All clips of such lists; several labels of one clip have commas between them."""
    listing, files = Listing(dataset), YouTubeFiles(root)
    for path in given:
        split = split_named(path) or "all"
        for line, row in named_rows(path, "\t"):
            key, labels = row.get("filename", ""), row.get("event_labels", "")
            wanted = moment(key)
            if wanted is None or not labels:
                listing.unread.append(f"{path.name}:{line}")
            elif listing.lists(key, split):
                words = [plain(label) for label in labels.split(",") if label.strip()]
                clip = files.clip(wanted, key, split, words, SECONDS)
                if isinstance(clip, str):
                    listing.missing.append((key, clip))
                else:
                    listing.clips.append(clip)
    return listing


def plain(label: str) -> str:
    """A label as one would say it: without underscores."""
    return " ".join(label.replace("_", " ").split())
