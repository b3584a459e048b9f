"""What the strip shows in one frame: panels that fade, keep their slot and never blink."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.compose.crossfade import CrossFade

if TYPE_CHECKING:
    from engine.packets import U8
    from live.view.picture import PanelView

LEVEL_RELEASE_S = 0.25
PRESENCE_S = 0.12
FORGET_BELOW = 0.01


@dataclass(frozen=True, slots=True)
class PanelFrame:
    """One panel as it is drawn in one frame."""

    panel: PanelView
    """With the level and the presence of this frame."""
    picture: U8 | None
    """(h, w, 3) in the middle of its cross-fade; None while the track has no picture yet."""


class _PanelState:
    """Level, presence and cross-fade of one track."""

    def __init__(self, panel: PanelView) -> None:
        self.panel = panel
        self.presence = 0.0
        self.level = 0.0
        self.fade = CrossFade(first_fade_s=0.3)


class PanelAnimator:
    """Animates the panels: pictures cross-fade, and a track that is gone fades out."""

    def __init__(self) -> None:
        """Start with an empty strip."""
        self._states: dict[int, _PanelState] = {}
        self._at_s: float | None = None

    def frame(
        self, panels: Sequence[PanelView], pictures: Mapping[int, U8], now_s: float
    ) -> tuple[PanelFrame, ...]:
        """Return what to draw at now_s (monotonic seconds); those that fade out come first."""
        step_s = 0.0 if self._at_s is None else min(max(now_s - self._at_s, 0.0), 0.5)
        self._at_s = now_s
        here = {panel.track_id: panel for panel in panels}
        for track_id, panel in here.items():
            kept = self._states.setdefault(track_id, _PanelState(panel))
            kept.panel = panel
            if track_id in pictures:
                kept.fade.show(pictures[track_id], now_s)
        glide = 1.0 - math.exp(-step_s / PRESENCE_S)
        fall = math.exp(-step_s / LEVEL_RELEASE_S)
        for track_id, kept in list(self._states.items()):
            there = track_id in here
            kept.presence += ((kept.panel.presence if there else 0.0) - kept.presence) * glide
            kept.level = max(kept.panel.level if there else 0.0, kept.level * fall)
            if not there and kept.presence < FORGET_BELOW:
                del self._states[track_id]
        leaving_first = sorted(self._states.items(), key=lambda item: item[0] in here)
        return tuple(
            PanelFrame(
                replace(kept.panel, presence=kept.presence, level=kept.level),
                kept.fade.picture_at(now_s),
            )
            for _, kept in leaving_first
            if kept.presence >= FORGET_BELOW
        )
