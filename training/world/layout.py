"""Where each subject stands: the rule from loudness to place, and columns that keep them apart."""

from __future__ import annotations

import numpy as np

from training.world.subjects.drawings import draw_look
from training.world.subjects.looks import LOOKS

AIR = (
    "rain", "thunder", "wind", "waves", "stream", "waterfall", "water drops", "leaves", "fireworks",
)  # fmt: skip
"""Sounds that are painted as air, sky or water rather than as a subject in a spot."""

SKY = ("birds", "seagull", "bees", "aircraft", "helicopter")
TREE = ("owl", "woodpecker", "parrot", "monkey", "crow")
"""Subjects that sit in or on a tree, halfway up the picture."""

WATER = ("whale", "boat", "duck", "frog")
WIDE = {
    "train": 1.9, "car engine": 2.15, "car horn": 2.0, "traffic": 1.8, "aircraft": 1.7,
    "seagull": 1.6, "birds": 1.5, "big cat": 1.35, "boat": 1.3, "helicopter": 1.3, "pig": 1.4,
    "crowd": 1.4, "cow": 1.3, "insects": 1.3,
}  # fmt: skip
"""Width over height of a label's usual drawings, where that is much: these are drawn lower."""

TALL = ("train", "boat", "church bells")
"""Subjects that would look like toys at the others' height."""

Rule = tuple[tuple[float, float], tuple[float, float]]

_SCENE: dict[str, Rule] = {
    "ground": ((0.59, 0.22), (0.70, 0.50)),
    "tall": ((0.575, 0.25), (0.665, 0.57)),
    "water": ((0.61, 0.22), (0.69, 0.48)),
    "sky": ((0.21, 0.16), (0.30, 0.36)),
    "tree": ((0.44, 0.20), (0.47, 0.42)),
}
_PANEL: dict[str, Rule] = {
    "ground": ((0.57, 0.50), (0.58, 0.68)),
    "tall": ((0.56, 0.52), (0.57, 0.70)),
    "water": ((0.56, 0.50), (0.57, 0.66)),
    "sky": ((0.42, 0.50), (0.42, 0.66)),
    "tree": ((0.49, 0.50), (0.50, 0.66)),
}


def stance(label: str) -> str:
    """Where a subject belongs: "sky", "tree", "water" or "ground"."""
    for name, labels in (("sky", SKY), ("tree", TREE), ("water", WATER)):
        if label in labels:
            return name
    return "ground"


def place_rule(label: str, kind: str) -> Rule:
    """(y centre, height) of a label's box at weight 0 and at weight 1, over picture height.

    Between the two ends both are linear in the weight. Sounds of the air fill the picture.
    """
    if label in AIR:
        return ((0.5, 1.0), (0.5, 1.0))
    rules = _SCENE if kind == "scene" else _PANEL
    where = stance(label)
    (y0, h0), (y1, h1) = rules["tall" if label in TALL else where]
    wide = WIDE.get(label, 1.0)
    lower = min(1.0, (1.35 / wide) ** 0.6) if kind == "scene" else min(1.0, 0.84 / wide / h1)
    grounded = 0.5 * (1 - lower) if where in ("ground", "water") else 0.0  # the foot stays
    return ((y0 + grounded * h0, lower * h0), (y1 + grounded * h1, lower * h1))


def aspect(label: str, look: int) -> float:
    """Width over height of one drawing of a label."""
    image = draw_look(LOOKS[label][look])
    return image.width() / image.height()


def columns(
    labels: list[str], boxes: np.ndarray, kind: str, rng: np.random.Generator
) -> tuple[list[float], float]:
    """Chooses centres so that no subject stands on another.

    Subjects stand in columns of their own widths. Where all of them do not fit side by side, what
    flies takes a row of its own above the others; of several such arrangements the one is kept
    that covers least.

    Args:
        labels: of the subjects.
        boxes: (n, 3) width, top and bottom of each over picture size, before any shrinking.
        kind: "scene" or "panel".
        rng: chance.

    Returns:
        centres over picture width, and the factor that every height is shrunk by (0.8 to 1).
    """
    if kind == "panel":
        return [float(0.5 + rng.uniform(-0.06, 0.06)) for _ in labels], 1.0
    total = float(boxes[:, 0].sum())
    high = [index for index in range(len(labels)) if labels[index] in SKY]
    low = [index for index in range(len(labels)) if labels[index] not in SKY]
    together = total <= 0.98 / 0.8 or not high or not low
    rows = [[*low, *high]] if together else [low, high]
    widest = max((sum(boxes[index, 0] for index in row) for row in rows), default=0.0)
    shrink = float(np.clip(0.98 / max(widest, 1e-6), 0.8, 1.0))
    best: tuple[float, list[float]] = (np.inf, [])
    for _ in range(12):
        xs = [0.5] * len(labels)
        for row in rows:
            _spread([row[index] for index in rng.permutation(len(row))], boxes, shrink, xs, rng)
        covered = _covered(np.array(xs), boxes, shrink)
        if covered < best[0]:
            best = covered, xs
        if covered < 1e-6:
            break
    return best[1], shrink


def _spread(
    row: list[int], boxes: np.ndarray, shrink: float, xs: list[float], rng: np.random.Generator
) -> None:
    """Writes the centres of one row, from left to right in the order given."""
    taken = [float(boxes[index, 0]) * shrink for index in row]
    squeeze = min(1.0, 0.98 / max(sum(taken), 1e-6))
    gaps = rng.dirichlet([2.0] * (len(row) + 1)) * max(0.0, 0.98 - sum(taken))
    left = 0.01
    for index, width, gap in zip(row, taken, gaps, strict=False):
        left += gap
        xs[index] = float(np.clip(left + width * squeeze / 2, width / 2, 1 - width / 2))
        left += width * squeeze


def _covered(xs: np.ndarray, boxes: np.ndarray, shrink: float) -> float:
    """How much of the picture lies under two boxes at once."""
    half = boxes[:, 0] * shrink / 2
    right = np.minimum.outer(xs + half, xs + half) - np.maximum.outer(xs - half, xs - half)
    down = np.minimum.outer(boxes[:, 2], boxes[:, 2]) - np.maximum.outer(boxes[:, 1], boxes[:, 1])
    shared = np.maximum(right, 0) * np.maximum(down, 0)
    return float(np.triu(shared, 1).sum())
