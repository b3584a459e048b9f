"""FSD50K: `FSD50K.{dev,eval}_audio/` and the ground truth `fname,labels,mids,split`."""

from __future__ import annotations

from pathlib import Path

from training.papers.datasets.layouts.clips import Clip, Listing
from training.papers.datasets.layouts.events import plain
from training.papers.datasets.layouts.tables import named_rows

_TRUTH = "FSD50K.ground_truth"


def lists(root: Path) -> list[Path]:
    """`dev.csv` and `eval.csv` of the ground truth, as far as they are there."""
    there = [root / _TRUTH / name for name in ("dev.csv", "eval.csv")]
    return [path for path in there if path.is_file()]


def read(root: Path, given: list[Path]) -> Listing:
    """All clips; the split of those for evaluation is `eval`."""
    listing = Listing("fsd50k")
    for path in given:
        folder = root / f"FSD50K.{path.stem}_audio"
        for line, row in named_rows(path):
            key, labels = row.get("fname", ""), row.get("labels", "")
            split = row.get("split") or path.stem
            if not key or not labels:
                listing.unread.append(f"{path.name}:{line}")
            elif listing.lists(key, split):
                sound = folder / f"{key}.wav"
                if not sound.is_file():
                    listing.missing.append((key, f"no {folder.name}/{sound.name}"))
                    continue
                words = tuple(plain(label) for label in labels.split(",") if label.strip())
                listing.clips.append(Clip(key, split, words, sound=sound))
    return listing
