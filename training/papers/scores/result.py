"""One score as it is told: never without its variant, its count, its spread and its weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.judge.scores import Figure
from training.papers.scores.networks.weights import Weights


@dataclass(frozen=True, slots=True)
class Result:
    """A score, measured."""

    name: str
    """As the field calls it; -judge behind a name is this project's own measure."""
    variant: str
    """Which of the definitions that hide behind the name."""
    found: Figure
    weights: tuple[Weights, ...]
    """Of every network that it rests on; () only where none does."""
    spread_of: str = "95 % of the mean"
    shuffled: float = math.nan
    """The same of pictures that belong to other sounds: the floor. NaN where it means nothing."""
    true: float = math.nan
    """The same of the true pictures: the ceiling."""
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON: what is not a number is null."""
        numbers = {
            "value": self.found.mean, "spread": self.found.spread,
            "shuffled": self.shuffled, "true": self.true,
        }  # fmt: skip
        return {
            "name": self.name,
            "variant": self.variant,
            **{k: float(v) if math.isfinite(v) else None for k, v in numbers.items()},
            "spread_of": self.spread_of,
            "count": self.found.count,
            "weights": {each.name: each.sha256 for each in self.weights},
            "note": self.note,
        }


def derange(count: int, seed: int = 0) -> np.ndarray:
    """Another row for each of so many, drawn by a seed: no row keeps itself, where there are two.

    Neighbours would not do: where sounds lie in the order of their labels they are of one kind.
    """
    order = np.random.default_rng(seed).permutation(count)
    other = np.empty(count, int)
    other[order] = np.roll(order, 1)
    return other


def told(number: float) -> str:
    """Four digits, a dash for what is no number."""
    return "-" if math.isnan(number) else f"{number:.4g}"


def table(results: Sequence[Result]) -> str:
    """What people read: a line of figures, and under it what they rest on."""
    width = max((len(each.name) for each in results), default=5)
    head = f"{'score':<{width}}  {'value':>10} {'spread':>9} {'n':>6} {'shuffled':>9} {'true':>9}"
    lines = [head, "-" * len(head)]
    for each in results:
        found = each.found
        lines += [
            f"{each.name:<{width}}  {told(found.mean):>10} {told(found.spread):>9} "
            f"{found.count:>6} {told(each.shuffled):>9} {told(each.true):>9}",
            f"    {each.variant}; spread: {each.spread_of}",
            f"    by {', '.join(w.told for w in each.weights) or 'no network'}",
            *([f"    {each.note}"] if each.note else []),
        ]
    return "\n".join(lines)
