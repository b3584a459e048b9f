"""From a data set's folder to its shards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tqdm import tqdm

from training.loop.plain_errors import InputError
from training.papers.datasets.decode import Taking, take
from training.papers.datasets.index import (
    INDEX,
    Index,
    Shard,
    in_order,
    read_index,
    write_index,
)
from training.papers.datasets.layouts.clips import Listing
from training.papers.datasets.layouts.find import read_layout
from training.papers.datasets.plan import Task, plan, told_of
from training.papers.datasets.report import write_report
from training.papers.datasets.work import MADE, Made, Take, make


def make_dataset(
    layout: str, root: Path, lists: Sequence[Path], folder: Path, taking: Taking,
    splits: Sequence[str], per_shard: int, jobs: int,
) -> str:  # fmt: skip
    """Prepare a data set, or what is left of it to do; return what became of it in a line.

    Args:
        layout: name of it, or `auto`.
        root: the data set's folder.
        lists: its lists, where they are elsewhere.
        folder: for the shards.
        taking: what is taken of each clip.
        splits: those wanted; none means all.
        per_shard: clips.
        jobs: processes.

    Raises:
        InputError: another layout, no such split, no clip that is whole.
        OSError: the shards cannot be written.
    """
    listing = read_layout(layout, root, lists)
    known = sorted({clip.split for clip in listing.clips})
    for split in splits:
        if split not in known:
            raise InputError(f"{root} has no clips of split {split}: it has {', '.join(known)}")
    if splits:
        listing = listing.only(set(splits))
    tasks = plan(listing.clips, partial(told_of, root=root, taking=taking), per_shard)
    return write_tasks(tasks, folder, listing, partial(take, taking=taking), jobs)


def write_tasks(
    tasks: Sequence[Task], folder: Path, listing: Listing, how: Take, jobs: int
) -> str:
    """Make the shards of a plan, their index and the report; return what became of them in a line.

    Raises:
        InputError: the folder holds another data set, or no clip is whole.
        OSError: the shards cannot be written.
    """
    _claim(folder, listing.dataset)
    clips = sum(len(task.clips) for task in tasks)
    with tqdm(total=clips, unit="clip", desc=f"preparing {listing.dataset}", disable=None) as bar:
        made = make(tasks, folder, how, jobs, bar.update)
    index = _index(listing.dataset, [task.clips[0].split for task in tasks], made)
    _clear(folder, {task.file for task in tasks})
    told = write_report(folder, listing, made, index)
    if not index.splits:
        raise InputError(f"none of the {clips} clips could be read: see {folder / 'report.json'}")
    write_index(folder, index)
    return told


def _claim(folder: Path, dataset: str) -> None:
    """Take the index away until everything is whole again, unless it is another data set's."""
    if (folder / INDEX).is_file():
        there = read_index(folder).dataset
        if there != dataset:
            raise InputError(f"{folder} holds {there}: choose another folder for {dataset}")
        (folder / INDEX).unlink()
    folder.mkdir(parents=True, exist_ok=True)


def _index(dataset: str, split_of: Sequence[str], made: Sequence[Made]) -> Index:
    splits: defaultdict[str, list[Shard]] = defaultdict(list)
    labels: Counter[str] = Counter()
    for split, one in zip(split_of, made, strict=True):
        labels.update(one.labels)
        if one.shard.clips:
            splits[split].append(one.shard)
    return Index(dataset, {name: tuple(found) for name, found in splits.items()}, in_order(labels))


def _clear(folder: Path, kept: set[str]) -> None:
    """Remove shards of an earlier plan, and what a process that was killed has left."""
    stems = {Path(file).stem for file in kept}
    for note in (folder / MADE).iterdir():
        shard = folder / f"{note.stem}.tar"
        shard.with_name(f"{shard.name}.part").unlink(missing_ok=True)
        if note.stem not in stems:
            shard.unlink(missing_ok=True)
            note.unlink()
