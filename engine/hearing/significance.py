"""How much each track matters to the scene, moving smoothly, and in which order.

After MACS, which ranks sources by how similar they are to the whole mixture: here by how surely
each is heard in it, joined with how much of the loudness is theirs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

ATTACK_S = 0.25
RELEASE_S = 0.8
"""Time constants of a track's significance on its way up and down."""
LOUDNESS_PART = 0.6
"""The rest is how surely it is there."""
PRESENCE_SPAN_LU = 6.0
"""A source is fully present this much over the level where it begins to count."""
OVERTAKE = 0.08
"""By how much a track must exceed the one before it to take its place."""


def significance(power_share: float, sure: float, over_threshold_lu: float) -> float:
    """In [0, 1], from a source's share of the power, how surely it is there, and its level.

    The root of the power share is the share of amplitude: a source 12 dB under another still
    counts for a quarter of it, as it does to the ear.
    """
    presence = min(1.0, max(0.0, over_threshold_lu / PRESENCE_SPAN_LU))
    loud = math.sqrt(min(1.0, max(0.0, power_share)))
    near = min(1.0, max(0.0, sure))
    return presence * (LOUDNESS_PART * loud + (1 - LOUDNESS_PART) * near)


def momentary_significances(
    levels_lufs: Mapping[int, float], sure: Mapping[int, float], threshold_lufs: float
) -> dict[int, float]:
    """track_id to the significance of each track that is heard now, before smoothing.

    levels_lufs: of each of these tracks. sure: how surely each is in the mixture, in [0, 1].
    threshold_lufs: the level from which a source begins to count.
    """
    powers = {track_id: 10 ** (level / 10) for track_id, level in levels_lufs.items()}
    whole = sum(powers.values())
    return {
        track_id: significance(
            powers[track_id] / whole, sure[track_id], level - threshold_lufs
        )
        for track_id, level in levels_lufs.items()
    }


class Ranking:
    """Smooths the significance of tracks and keeps their order calm."""

    def __init__(self) -> None:
        self._now: dict[int, float] = {}

    def reset(self) -> None:
        """Forget all tracks."""
        self._now = {}

    def update(self, wanted: Mapping[int, float], elapsed_s: float) -> dict[int, float]:
        """track_id to smoothed significance, most significant first.

        `wanted`: momentary significance of every living track, 0 for one that is not heard.
        Neighbours change places only when the difference is plain, so the order may differ from
        the exact one by up to 0.08.
        """
        up = 1 - math.exp(-elapsed_s / ATTACK_S)
        down = 1 - math.exp(-elapsed_s / RELEASE_S)
        values: dict[int, float] = {}
        for track_id in [t for t in self._now if t in wanted] + [
            t for t in sorted(wanted, key=lambda t: -wanted[t]) if t not in self._now
        ]:
            was = self._now.get(track_id, 0.0)
            step = wanted[track_id] - was
            values[track_id] = was + step * (up if step > 0 else down)
        order = list(values)
        for _ in order:
            for i in range(len(order) - 1):
                if values[order[i + 1]] > values[order[i]] + OVERTAKE:
                    order[i], order[i + 1] = order[i + 1], order[i]
        self._now = {t: values[t] for t in order}
        return dict(self._now)
