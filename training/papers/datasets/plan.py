"""Which clips go into which shard: the same for the same clips, on any machine."""

from __future__ import annotations

import hashlib
import math
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from training.papers.datasets.decode import Taking
from training.papers.datasets.layouts.clips import Clip
from training.papers.datasets.tar import shard_file

FEWEST = 8
"""Shards of a split that has as many clips: so that eight processes can share a small one."""


@dataclass(frozen=True, slots=True)
class Task:
    """One shard to be made."""

    file: str
    clips: tuple[Any, ...]
    """Whatever a sample is made of; each has a `key`."""
    recipe: str
    """Of what it is made and how: a shard of the same recipe need not be made again."""


def plan(clips: Iterable[Any], told: Callable[[Any], object], per_shard: int) -> list[Task]:
    """The shards of all splits.

    Lists go by class or by day, and what is learnt from in one go should be neither; so clips are
    put in the order of a hash of their keys.

    Args:
        clips: they have a `key` and a `split`.
        told: what of a clip, and of how it is taken, makes its sample another when it changes.
        per_shard: clips, or fewer where there would be few shards.
    """
    splits: defaultdict[str, list[Any]] = defaultdict(list)
    for clip in clips:
        splits[clip.split].append(clip)
    tasks = []
    for split, theirs in sorted(splits.items()):
        theirs.sort(key=lambda clip: hashlib.sha256(clip.key.encode()).digest())
        shards = max(math.ceil(len(theirs) / per_shard), min(FEWEST, len(theirs)))
        bounds = [number * len(theirs) // shards for number in range(shards + 1)]
        for number, (first, last) in enumerate(pairwise(bounds)):
            ours = tuple(theirs[first:last])
            digest = hashlib.sha256()
            for clip in ours:
                digest.update(repr(told(clip)).encode())
            tasks.append(Task(shard_file(split, number), ours, digest.hexdigest()))
    return tasks


def told_of(clip: Clip, root: Path, taking: Taking) -> object:
    """What a sample depends on: files by place and size, what is listed, what is taken."""
    files = [clip.sound, clip.video, *(still.path for still in clip.stills)]
    sizes = [(os.path.relpath(path, root), path.stat().st_size) for path in files if path]
    times = [still.time for still in clip.stills]
    listed = replace(clip, sound=None, video=None, stills=())
    return astuple(taking), astuple(listed), sizes, times
