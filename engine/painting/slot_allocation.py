"""Slots for tracks, kept while they live: those of panels on the screen, and of the scene."""

from __future__ import annotations

from collections.abc import Mapping

_LOUDER_BY = 1.5
_AND_BY = 0.1


class SlotAllocation:
    """Hands out a fixed number of slots to tracks.

    A track keeps its slot until it is released; ranks do not matter. Only where tracks wait and
    no slot is free or about to be is the least significant evicted, and only for one that
    is plainly more significant, so that two of a kind do not take turns.
    """

    def __init__(self, count: int) -> None:
        """count: number of slots, 0 or more."""
        self._count = count
        self._slots: dict[int, int] = {}
        self._evicted: set[int] = set()
        self._leaving: set[int] = set()
        self._waiting: tuple[int, ...] = ()

    def resize(self, count: int) -> None:
        """Have another number of slots; a track in one that is gone leaves it."""
        self._count = count

    @property
    def slots(self) -> Mapping[int, int]:
        """Track to slot, for every track that has one."""
        return self._slots

    @property
    def has_waiting(self) -> bool:
        """Whether a live track has no slot."""
        return bool(self._waiting)

    def is_leaving(self, track_id: int) -> bool:
        """Whether the track should fade out of its slot: it died, or another needs it more."""
        return track_id in self._leaving

    def update(self, alive: Mapping[int, float]) -> None:
        """Tell which tracks live and how significant each is, in [0, 1]."""
        ranked = sorted(alive, key=lambda t: (-alive[t], t))
        free = [s for s in range(self._count) if s not in self._slots.values()]
        waiting = [t for t in ranked if t not in self._slots]
        while free and waiting:
            self._slots[waiting.pop(0)] = free.pop(0)
        self._evicted &= set(self._slots)
        gone = {t for t in self._slots if t not in alive}
        if waiting and not gone and not self._evicted and self._slots:
            weakest = min(self._slots, key=lambda t: (alive[t], -t))
            if alive[waiting[0]] > _LOUDER_BY * alive[weakest] + _AND_BY:
                self._evicted.add(weakest)
        too_far = {t for t, slot in self._slots.items() if slot >= self._count}
        self._leaving = gone | self._evicted | too_far
        self._waiting = tuple(waiting)

    def release(self, track_id: int) -> None:
        """Free a slot, when its track has faded out."""
        self._slots.pop(track_id, None)
        self._evicted.discard(track_id)
        self._leaving.discard(track_id)

    def clear(self) -> None:
        """Free all slots."""
        self._slots.clear()
        self._evicted.clear()
        self._leaving.clear()
        self._waiting = ()
