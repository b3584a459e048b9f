"""What a bundle calls two sounds that are played at once, moment by moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.bundle.load import Bundle, BundleModels
from engine.detection.open import open_hearer
from engine.packets import F32, UNKNOWN
from engine.sound.loudness import FLOOR_LUFS

SETTLED_S = 1.0
"""The first second is not asked: nobody has heard enough yet."""
OFTEN = 0.2
"""Share of the moments in which a name must stand to count as said."""


@dataclass(frozen=True, slots=True)
class Named:
    """Means over recordings, or mixes of them."""

    all_strongest: float
    """Share whose sounds are the strongest names, all of them, by significance over time."""
    any_often: float
    """Share of which one sound at least is named a fifth of the time."""
    each_often: float
    """Share of the sounds that are named a fifth of the time."""
    wrong: float
    """Names that are said at a moment and sound nowhere."""
    unknown: float
    """Share of the moments in which something is called unknown."""
    nothing: float
    """Share of the moments in which nothing is named."""
    first_right_s: float
    """Until a right name is said first; median, infinite where more than half are never named."""
    changes: float
    """Names that begin or end, a minute, after the first second."""
    count: int


def name_mixes(
    bundle: Bundle, models: BundleModels, mixes: Iterable[tuple[F32, frozenset[str]]]
) -> Named:
    """Plays each mixture (n,) at the bundle's rate, whose labels are given."""
    rows: list[tuple[float, ...]] = []
    for mixture, truth in mixes:
        hearer = open_hearer(bundle, models)
        strength: dict[str, float] = defaultdict(float)
        said: Counter[str] = Counter()
        moments, wrong, nothing, changes = 0, 0, 0, 0
        first = np.inf
        before: set[str] | None = None
        for hearing in hearer.push(mixture, 0.0):
            named = {
                source.labels[0][0]: source.significance
                for source in sorted(hearing.sources, key=lambda each: each.significance)
                if source.loudness_lufs > FLOOR_LUFS
            }
            names = set(named) - {UNKNOWN}
            if names & truth:
                first = min(first, hearing.stamp.end_s)
            if hearing.stamp.end_s < SETTLED_S:
                continue
            moments += 1
            wrong += len(names - truth)
            nothing += not names
            said.update(named)
            changes += len(names ^ before) if before is not None else 0
            before = names
            for name, how_much in named.items():
                strength[name] += how_much
        strongest = sorted(set(strength) - {UNKNOWN}, key=lambda name: -strength[name])
        often = [said[name] >= OFTEN * moments for name in truth]
        minutes = max(moments, 1) * hearer.hop / hearer.sample_rate_hz / 60
        rows.append(
            (
                set(strongest[: len(truth)]) == truth, any(often), float(np.mean(often)),
                wrong / moments, said[UNKNOWN] / moments, nothing / moments, first,
                changes / minutes,
            )
        )  # fmt: skip
    table: NDArray[np.float64] = np.array(rows, np.float64)
    both, any_often, each_often, wrong, unknown, nothing, _, changes = map(float, table.mean(0))
    return Named(
        both, any_often, each_often, wrong, unknown, nothing, float(np.median(table[:, 6])),
        changes, len(rows),
    )  # fmt: skip
