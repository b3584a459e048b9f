"""LLP (Look, Listen and Parse): `AVVP_*.csv`, clips such as `BjCEufrlXm4_20_30`."""

from __future__ import annotations

from pathlib import Path

from training.papers.datasets.layouts.clips import Listing
from training.papers.datasets.layouts.events import event_lists, read_events


def lists(root: Path) -> list[Path]:
    """The lists of whole clips, one a split."""
    return event_lists(root, "")


def read(root: Path, given: list[Path]) -> Listing:
    """All clips of the lists."""
    return read_events("llp", root, given)
