"""Which clips go into which shard: the same for the same clips, on any machine."""

from __future__ import annotations

import hashlib
import math
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from itertools import pairwise
from pathlib import Path

from training.papers.datasets.decode import Taking
from training.papers.datasets.layouts.clips import Clip
from training.papers.datasets.tar import shard_file

FEWEST = 8
"""Shards of a split that has as many clips: so that eight processes can share a small one."""


@dataclass(frozen=True, slots=True)
class Task:
    """One shard to be made."""

    file: str
    clips: tuple[Clip, ...]
    recipe: str
    """Of what it is made and how: a shard of the same recipe need not be made again."""


def plan(clips: Iterable[Clip], root: Path, taking: Taking, per_shard: int) -> list[Task]:
    """The shards of all splits.

    Lists go by class or by day, and what is learnt from in one go should be neither; so clips are
    put in the order of a hash of their keys.
    """
    splits: defaultdict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        splits[clip.split].append(clip)
    tasks = []
    for split, theirs in sorted(splits.items()):
        theirs.sort(key=lambda clip: hashlib.sha256(clip.key.encode()).digest())
        shards = max(math.ceil(len(theirs) / per_shard), min(FEWEST, len(theirs)))
        bounds = [number * len(theirs) // shards for number in range(shards + 1)]
        for number, (first, last) in enumerate(pairwise(bounds)):
            ours = tuple(theirs[first:last])
            tasks.append(Task(shard_file(split, number), ours, _recipe(ours, root, taking)))
    return tasks


def _recipe(clips: tuple[Clip, ...], root: Path, taking: Taking) -> str:
    digest = hashlib.sha256(repr(astuple(taking)).encode())
    for clip in clips:
        files = [clip.sound, clip.video, *(still.path for still in clip.stills)]
        sizes = [(os.path.relpath(path, root), path.stat().st_size) for path in files if path]
        times = [still.time for still in clip.stills]
        told = replace(clip, sound=None, video=None, stills=())
        digest.update(repr((astuple(told), sizes, times)).encode())
    return digest.hexdigest()
