"""Real pictures for the judge, at half of the size that the bundle paints, with their truth.

Painted from seeds that no other trainer uses, and kept in folders of their own: a picture of the
image world is 512 x 288 or 256 x 256, so the judge sees 256 x 144 or 128 x 128, scaled down the
same way as the generated ones that it will judge.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from training.painting.painted_pictures import (
    Order,
    PaintedPictures,
    halve,
    load_or_paint,
    load_pictures,
)
from training.painting.pictures import PANELS, SCENES

PAINTED = {plan.kind: (plan.height, plan.width) for plan in (SCENES, PANELS)}
"""(height, width) of the world's pictures by kind."""
FIRST_SEED = {
    ("train", "scene"): 50_000_000,
    ("train", "panel"): 55_000_000,
    ("check", "scene"): 60_000_000,
    ("check", "panel"): 62_000_000,
    ("test", "scene"): 65_000_000,
    ("test", "panel"): 67_000_000,
}
"""Ranges of seeds by split and kind: the generator's are far below."""
SEEN = 144
"""Rows of the tallest picture that the judge sees."""
DONE = "judged.json"
"""There when a folder's pictures are all painted."""


def resize_for_judge(pictures: np.ndarray) -> np.ndarray:
    """u8 (n, h, w, 3) halved, by the mean of four pixels, until they are of the judge's size."""
    while pictures.shape[1] > SEEN:
        pictures = halve(pictures)
    return pictures


def load_or_paint_for_judge(
    folder: Path, split: str, kind: str, count: int, workers: int = 1
) -> PaintedPictures:
    """Paints pictures of a split ("train", "check" or "test") and kind, or opens what is there."""
    height, width = PAINTED[kind]
    facts: dict[str, Any] = {"first": FIRST_SEED[split, kind], "count": count, "kind": kind}
    order = Order(width=width, height=height, halved=True, **facts)
    return load_or_paint(folder, order, folder / DONE, facts, workers, f"{split} {kind}s")


def load_for_judge(folder: Path) -> PaintedPictures:
    """The finished pictures of a folder. Raises FileNotFoundError with the remedy."""
    if not (folder / DONE).exists():
        raise FileNotFoundError(f"no pictures in {folder}: start python -m training.train_judge")
    return load_pictures(folder)
