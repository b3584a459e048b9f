"""The sources in the pictures, from birth until they have faded out: who they are, where they are.

Each holds a slot of the scene, a panel, or both, and a home in the scene while it lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.hearing.naming import Naming
from engine.motion.life import Life
from engine.packets import F32, UNKNOWN, HeardSource
from engine.painting.composition import Box, Homes, PlaceRules
from engine.painting.slot_allocation import SlotAllocation
from engine.painting.smoothed_source import Concept, SmoothedSource
from engine.painting.smoothing import RELEASE_S, SmoothedLevel
from engine.painting.spots import Spots
from engine.painting.staging import journey_half

_HURRY_S = 0.1
"""Nine tenths of a fall take this long where another waits for the slot."""
_ROOM_TO_GROW = 0.6
"""A source gets a home that has room for it at this weight, should it be quieter now."""


@dataclass(frozen=True, slots=True)
class PanelSlot:
    """Where a track's panel stands at a moment and how much of it is there."""

    track_id: int
    slot: int
    """0 is the first; never changes while the track lives."""
    presence: float
    """In [0, 1]: fades in after birth and out after death."""


class Sources:
    """Takes in what is heard, lets sources move as time passes, and drops those that are gone."""

    def __init__(
        self,
        naming: Naming,
        rules: PlaceRules,
        homes: Homes,
        spots: Spots,
        slots: int,
        panels: int,
        seed: int,
    ) -> None:
        """slots: sources that the scene has room for. panels: most panels at a time, 0 or more.

        seed: of how they move, any whole number.
        """
        self.blend = False
        """Whether a source that is heard between two labels is painted between them."""
        self.motion = 0.0
        """How much they move with their sounds, in [0, 1]."""
        self._seed = seed & (2**64 - 1)
        self._naming, self._rules = naming, rules
        self._homes, self._spots = homes, spots
        self._slots = SlotAllocation(slots)
        self._panels = SlotAllocation(panels)
        self._sources: dict[int, SmoothedSource] = {}
        self._panel_slots: tuple[PanelSlot, ...] = ()

    @property
    def panel_slots(self) -> tuple[PanelSlot, ...]:
        """Panels by slot, as of the last `advance`. May be read from any thread."""
        return self._panel_slots

    @property
    def panels(self) -> dict[int, SmoothedSource]:
        """Track to source of these panels, in their order."""
        return {p.track_id: self._sources[p.track_id] for p in self._panel_slots}

    @property
    def slots(self) -> dict[int, int]:
        """Track to slot of each source that has a slot of the scene."""
        return dict(self._slots.slots)

    def in_scene(self) -> list[tuple[int, SmoothedSource, F32 | None]]:
        """Slot, source and spot of each source that has a slot of the scene; see `Spots.of`."""
        return [
            (slot, self._sources[track_id], self._spots.of(track_id))
            for track_id, slot in self._slots.slots.items()
        ]

    def resize_panels(self, panels: int) -> None:
        """Have another number of panels at most; those too many fade out from the next hearing."""
        self._panels.resize(panels)

    def frame(self, scene: tuple[int, int], aspect: float) -> None:
        """Have scenes of (height, width) in a window of this width over height from now on."""
        self._spots.frame(scene, aspect)
        self._arrange(self._slots.slots)

    def hear(self, heard: Mapping[int, HeardSource]) -> None:
        """Aim at what is heard now, by track."""
        significances = {t: min(1.0, max(0.0, s.significance)) for t, s in heard.items()}
        self._panels.update(significances)
        self._slots.update(significances)
        for track_id, source in heard.items():
            concept = self._concept(source)
            if track_id not in self._sources:
                life = Life((self._seed, 11, track_id % 2**32))
                self._sources[track_id] = SmoothedSource.begin(concept, life)
            self._sources[track_id].aim(concept, source.brightness, self.blend)
            self._sources[track_id].life.hear(concept.label, source.onset)
        for track_id, smoothed in self._sources.items():
            _aim(smoothed.weight, self._slots, track_id, significances.get(track_id, 0.0))
            _aim(smoothed.presence, self._panels, track_id, 1.0)
        self._give_homes(significances)

    def advance(self, seconds: float) -> None:
        """Let time pass, and let go of what has faded out."""
        self._spots.advance(seconds)
        for track_id, source in list(self._sources.items()):
            source.advance(seconds)
            source.life.advance(seconds, self.motion, journey_half(source, self._spots.tall))
            if source.weight.is_gone:
                self._slots.release(track_id)
            if source.presence.is_gone:
                self._panels.release(track_id)
                source.last_panel = None
            if source.weight.is_gone and source.presence.is_gone:
                del self._sources[track_id]
                self._spots.drop(track_id)
        self._panel_slots = tuple(
            PanelSlot(track_id, slot, self._sources[track_id].presence.value)
            for track_id, slot in sorted(self._panels.slots.items(), key=lambda item: item[1])
        )

    def forget(self) -> None:
        """Forget all sources and their homes: tracks are numbered anew."""
        self._sources.clear()
        self._panels.clear()
        self._slots.clear()
        self._homes.forget()
        self._spots.forget()

    def _concept(self, source: HeardSource) -> Concept:
        """What a source is painted as: the concept that its name stands for, and that alone."""
        naming = self._naming
        if source.is_unknown:
            return Concept(UNKNOWN, source.embedding, self._rules.everywhere)
        probabilities = naming.probabilities(source.embedding)
        called = source.name in naming.names
        number = naming.names.index(source.name) if called else int(probabilities.argmax())
        name, word = naming.names[number], naming.label_embedding(number)
        if self.blend:
            return Concept(name, source.embedding, self._rules.stand(probabilities))
        surely = np.eye(len(naming.names), dtype=np.float32)[number]
        return Concept(name, word, self._rules.stand(surely))

    def _give_homes(self, significances: Mapping[int, float]) -> None:
        """Find a home for who stands somewhere in the scene and has none, the loudest first."""

        def box(track_id: int) -> Box:
            return self._sources[track_id].box(max(_ROOM_TO_GROW, significances[track_id]))

        present = sorted(
            (t for t in self._slots.slots if t in significances), key=lambda t: -significances[t]
        )
        for track_id in present:
            source = self._sources[track_id]
            if not source.needs_home:
                continue
            others = [
                box(t) for t in present if t != track_id and self._sources[t].home is not None
            ]
            mine = box(track_id)
            source.home = self._homes.find(track_id, mine.y, mine.height, others)
        self._arrange(present)

    def _arrange(self, present: Iterable[int]) -> None:
        self._spots.arrange(
            {t: self._sources[t].subject for t in present if self._sources[t].home is not None}
        )


def _aim(level: SmoothedLevel, allocation: SlotAllocation, track_id: int, target: float) -> None:
    """Go to a level if the track has a slot to itself, else out of the way."""
    stays = track_id in allocation.slots and not allocation.is_leaving(track_id)
    level.aim(target if stays else 0.0, _HURRY_S if allocation.has_waiting else RELEASE_S)
