"""VGGSound: lists of `id,start,label,split`, `id_000300.mp4,label`, or headed `ytid,class,set`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from training.papers.datasets.layouts.clips import Listing
from training.papers.datasets.layouts.media import YouTubeFiles
from training.papers.datasets.layouts.names import Moment, moment
from training.papers.datasets.layouts.tables import lists_under, rows, split_named

SECONDS = 10.0
_NAMES = {
    "id": ("ytid", "youtube_id", "youtube id", "video_id", "videoid", "id", "filename", "file"),
    "start": ("start", "start_s", "start_seconds", "start seconds", "start_time"),
    "label": ("class", "label", "labels", "category"),
    "split": ("set", "split", "train/test split", "subset"),
}
_WORDS = frozenset({"train", "test", "val", "valid", "validation", "eval"})


def lists(root: Path) -> list[Path]:
    """The lists of clips: `vggsound.csv` alone where it is there, since others repeat it."""
    found = [path for path in lists_under(root, ".csv") if _is_list(path)]
    whole = [path for path in found if path.name.lower() == "vggsound.csv"]
    return whole[:1] or found


def read(root: Path, given: list[Path]) -> Listing:
    """All clips of the lists."""
    listing, files = Listing("vggsound"), YouTubeFiles(root)
    for path in given:
        for line, named, label, split in _lines(path):
            if named is None or not label:
                listing.unread.append(f"{path.name}:{line}")
                continue
            for wanted in _moments(named, files):
                if not listing.lists(wanted.key, split):
                    continue
                clip = files.clip(wanted, wanted.key, split, (label,), SECONDS)
                if isinstance(clip, str):
                    listing.missing.append((wanted.key, clip))
                else:
                    listing.clips.append(clip)
    return listing


def _moments(named: Moment, files: YouTubeFiles) -> list[Moment]:
    """A row without a beginning means every clip that there is of its video."""
    if named.start_s is not None:
        return [named]
    starts = [start for start in files.starts(named.video) if start is not None]
    return [Moment(named.video, start) for start in sorted(starts)] or [named]


def _lines(path: Path) -> Iterator[tuple[int, Moment | None, str, str]]:
    columns: dict[str, int] | None = None
    of_file = split_named(path) or "all"
    for line, cells in rows(path):
        if columns is None:
            columns = _heading(cells)
            if columns:
                continue
        where = columns or _headless(cells)
        cell = {name: cells[at] for name, at in where.items() if at < len(cells)}
        named = moment(cell.get("id", ""))
        if named is not None and named.start_s is None and "start" in cell:
            named = Moment(named.video, _seconds(cell["start"]))
        yield line, named, cell.get("label", ""), (cell.get("split") or of_file).lower()


def _heading(cells: list[str]) -> dict[str, int]:
    """Column of each thing that a heading names; empty where the first row is no heading."""
    lower = [cell.lower().lstrip("# ") for cell in cells]
    found = {
        thing: lower.index(name)
        for thing, names in _NAMES.items()
        for name in names[::-1]
        if name in lower
    }
    return found if {"id", "label"} <= found.keys() else {}


def _headless(cells: list[str]) -> dict[str, int]:
    if len(cells) >= 3 and _seconds(cells[1]) is not None:
        return {"id": 0, "start": 1, "label": 2, "split": 3}
    return {"id": 0, "label": 1, "split": 2}


def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_list(path: Path) -> bool:
    heading: dict[str, int] = {}
    for number, (_, cells) in enumerate(rows(path)):
        if number == 0 and (heading := _heading(cells)):
            continue
        if heading:
            return moment(cells[heading["id"]]) is not None
        segment = len(cells) > 2 and None not in (_seconds(cells[1]), _seconds(cells[2]))
        return moment(cells[0]) is not None and len(cells) > 1 and not segment  # AudioSet's
    return False
