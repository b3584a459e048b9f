"""The pool of takes, split as a fold says, for those who learn from a pool split at birth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training.hearing.pool import HELD, PLAIN, TRAIN, Pool
from training.presence.lessons import held_out_rows
from training.presence.pool import load

MET = "met"
"""Plain windows of recordings that training has met: good for nothing."""


def load_split(folder: Path, fold: int, collections: Sequence[str] = ()) -> Pool:
    """The pool of a folder, whose held-out recordings are the fold's.

    collections: measure on those of them alone; () for all. Raises FileNotFoundError with the
    remedy.
    """
    pool = load(folder)
    away = held_out_rows(pool, fold)
    if collections:
        ours = [each.name for each in pool.recordings if each.collection in collections]
        away &= np.isin(pool.recording, ours)
    split = np.where(pool.plain, np.where(away, PLAIN, MET), np.where(away, HELD, TRAIN))
    return Pool(pool.clips, pool.levels, pool.labels, pool.names, split, pool.recording)
