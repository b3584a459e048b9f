"""What there is to say of each panel: from slots and hearings to `PanelView`s."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

from engine.packets import HeardSource, Hearing
from engine.painting.sources import PanelSlot
from live.view.picture import Colour, PanelView

QUIET_LUFS, LOUD_LUFS = -50.0, -12.0
"""Loudness that the level meter shows as empty and as full."""
GOLDEN = 0.618034
"""Steps of hue by this never come close to an earlier one for long."""


class PanelViews:
    """Remembers what was last heard of each track, for as long as its panel is there."""

    def __init__(self) -> None:
        self._last: dict[int, HeardSource] = {}
        self._sounding: frozenset[int] = frozenset()

    def update(self, hearing: Hearing) -> None:
        """Remember the sources of a hearing."""
        self._last.update({source.track_id: source for source in hearing.sources})
        self._sounding = frozenset(source.track_id for source in hearing.sources)

    def views(self, slots: Sequence[PanelSlot]) -> tuple[PanelView, ...]:
        """Return the panels as they are now, in order of slot."""
        standing = {slot.track_id for slot in slots} | self._sounding
        self._last = {track: said for track, said in self._last.items() if track in standing}
        return tuple(
            self._view(slot, self._last[slot.track_id])
            for slot in slots
            if slot.track_id in self._last
        )

    def _view(self, slot: PanelSlot, source: HeardSource) -> PanelView:
        label, probability = source.labels[0] if source.labels else ("something", 0.0)
        return PanelView(
            track_id=slot.track_id,
            slot=slot.slot,
            label=label,
            probability=probability,
            level=level(source.loudness_lufs) if slot.track_id in self._sounding else 0.0,
            presence=slot.presence,
            colour=colour(slot.track_id),
        )


def level(loudness_lufs: float) -> float:
    """Return a loudness as the length of a level meter, in [0, 1]."""
    return min(max((loudness_lufs - QUIET_LUFS) / (LOUD_LUFS - QUIET_LUFS), 0.0), 1.0)


def colour(track_id: int) -> Colour:
    """Return the colour that belongs to a track; neighbours differ plainly, none shouts."""
    red, green, blue = colorsys.hls_to_rgb((0.02 + track_id * GOLDEN) % 1.0, 0.66, 0.62)
    return round(255 * red), round(255 * green), round(255 * blue)
