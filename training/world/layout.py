"""Where each subject stands: the rule from loudness to place, and columns that keep them apart."""

from __future__ import annotations

import numpy as np

AIR = (
    "rain", "thunder", "wind", "waves", "stream", "waterfall", "water drops", "leaves", "fireworks",
)  # fmt: skip
"""Sounds that are painted as air, sky or water rather than as a subject in a spot."""

SKY = ("birds", "seagull", "bees", "aircraft", "helicopter")
TREE = ("owl", "woodpecker", "parrot", "monkey", "crow")
"""Subjects that sit in or on a tree, halfway up the picture."""

WATER = ("whale", "boat", "duck", "frog")
WIDTHS = {
    "train": 1.5, "whale": 1.4, "aircraft": 1.4, "helicopter": 1.4, "car engine": 1.5,
    "traffic": 1.5, "car horn": 1.5, "crowd": 1.4, "horse": 1.2, "cow": 1.3, "big cat": 1.4,
    "pig": 1.3, "sheep": 1.2, "elephant": 1.3, "bear": 1.2, "wolf": 1.2,
}  # fmt: skip
"""How wide a label's drawings are, over their height, where that is more than 1.1."""

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
    return rules["tall" if label in TALL else stance(label)]


def columns(
    labels: list[str], weights: list[float], kind: str, rng: np.random.Generator
) -> tuple[list[float], float]:
    """Chooses centres so that no subject stands on another.

    Subjects stand in columns of their own widths. Where all of them do not fit side by side, what
    flies takes a row of its own above the others.

    Returns:
        centres over picture width, and the factor that every height is shrunk by (0.8 to 1).
    """
    if kind == "panel":
        return [float(0.5 + rng.uniform(-0.06, 0.06)) for _ in labels], 1.0
    wide = []
    for label, weight in zip(labels, weights, strict=True):
        (_, h0), (_, h1) = place_rule(label, kind)
        wide.append((h0 + (h1 - h0) * weight) * 1.06 * WIDTHS.get(label, 1.1) * 9 / 16)
    order = [int(index) for index in rng.permutation(len(labels))]
    low = [index for index in order if labels[index] not in SKY]
    high = [index for index in order if labels[index] in SKY]
    rows = [order] if sum(wide) <= 0.94 else [low, high]
    shrink = 1.0
    for row in rows:
        total = sum(wide[index] for index in row)
        if total > 0.98:
            shrink = min(shrink, max(0.8, 0.98 / total))
    xs = [0.5] * len(labels)
    for row in rows:
        taken = [wide[index] * shrink for index in row]
        free = max(0.0, 0.98 - sum(taken))
        squeeze = min(1.0, 0.98 / max(sum(taken), 1e-6))
        gaps = rng.dirichlet([2.0] * (len(row) + 1)) * free
        left = 0.01
        for index, width, gap in zip(row, taken, gaps, strict=False):
            left += gap
            xs[index] = float(np.clip(left + width * squeeze / 2, width / 2, 1 - width / 2))
            left += width * squeeze
    return xs, shrink
