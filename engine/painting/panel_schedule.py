"""Which panels are painted in which picture, a few at a time, so that all pictures take alike."""

from __future__ import annotations

from collections.abc import Mapping

from engine.painting.smoothed_source import LastPanel, SmoothedSource

_CHANGED = 8.0
"""A panel whose sound has become quite another one waits so many times less than the others."""


class PanelSchedule:
    """Chooses the panels of each picture: new ones, then the most urgent."""

    def __init__(self) -> None:
        self._picture = 0
        self._owed = 0.0
        """Panels that the asked-for pace has earned and that are not painted yet."""

    def next_picture(self) -> None:
        """Go on to the next picture, whether it has panels or not."""
        self._picture += 1

    def choose(
        self, shown: Mapping[int, SmoothedSource], every: int, most: int | None
    ) -> tuple[int, ...]:
        """Tracks whose panels are in this picture, and note in their sources that they are.

        shown: track_id to source of all panels, in the order of the answer. every: each panel is
        in every so many pictures, 0 counting as 1. most: no more than that; None for no bound.
        """
        self._owed = min(self._owed + len(shown) / max(1, every), len(shown))
        new = [t for t, source in shown.items() if source.last_panel is None]
        by_urgency = sorted(shown, key=lambda t: -self._urgency(shown[t]))
        count = max(len(new), int(self._owed + 1e-6))
        count = count if most is None else min(count, most)
        chosen = by_urgency[:count]
        self._owed = max(0.0, self._owed - count)
        for track_id in chosen:
            source = shown[track_id]
            source.last_panel = LastPanel(self._picture, source.label, source.token.value)
        return tuple(t for t in shown if t in chosen)

    def _urgency(self, source: SmoothedSource) -> float:
        """Pictures since its panel was painted, more where it has become another sound meanwhile,
        infinite where it has never been painted."""
        last = source.last_panel
        if last is None:
            return float("inf")
        same = source.label == last.label
        moved = 1.0 - float(source.token.value @ last.token) if same else 1.0
        return (self._picture - last.picture) * (1.0 + _CHANGED * moved)
