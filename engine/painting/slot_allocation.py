"""Places for tracks, kept while they live: panels on the screen, slots in the scene."""

from __future__ import annotations

from collections.abc import Mapping

_LOUDER_BY = 1.5
_AND_BY = 0.1


class Places:
    """Hands out a fixed number of places to tracks.

    A track keeps its place until it is given back; ranks do not matter. Only where tracks wait and
    no place is free or about to be is the least significant asked to leave, and only for one that
    is plainly more significant, so that two of a kind do not take turns.
    """

    def __init__(self, count: int) -> None:
        """count: number of places, 0 or more."""
        self._count = count
        self._held: dict[int, int] = {}
        self._asked_to_leave: set[int] = set()
        self._leaving: set[int] = set()
        self._waiting: tuple[int, ...] = ()

    def resize(self, count: int) -> None:
        """Have another number of places; who stands on one that is gone leaves it."""
        self._count = count

    @property
    def held(self) -> Mapping[int, int]:
        """Track to place, for every track that has one."""
        return self._held

    @property
    def waiting(self) -> bool:
        """Whether a live track has no place."""
        return bool(self._waiting)

    def is_leaving(self, track_id: int) -> bool:
        """Whether the track should fade out of its place: it died, or another needs it more."""
        return track_id in self._leaving

    def update(self, alive: Mapping[int, float]) -> None:
        """Tell which tracks live and how significant each is, in [0, 1]."""
        ranked = sorted(alive, key=lambda t: (-alive[t], t))
        free = [p for p in range(self._count) if p not in self._held.values()]
        waiting = [t for t in ranked if t not in self._held]
        while free and waiting:
            self._held[waiting.pop(0)] = free.pop(0)
        self._asked_to_leave &= set(self._held)
        gone = {t for t in self._held if t not in alive}
        if waiting and not gone and not self._asked_to_leave and self._held:
            weakest = min(self._held, key=lambda t: (alive[t], -t))
            if alive[waiting[0]] > _LOUDER_BY * alive[weakest] + _AND_BY:
                self._asked_to_leave.add(weakest)
        too_far = {t for t, place in self._held.items() if place >= self._count}
        self._leaving = gone | self._asked_to_leave | too_far
        self._waiting = tuple(waiting)

    def give_back(self, track_id: int) -> None:
        """Free a place, when its track has faded out."""
        self._held.pop(track_id, None)
        self._asked_to_leave.discard(track_id)
        self._leaving.discard(track_id)

    def clear(self) -> None:
        """Free all places."""
        self._held.clear()
        self._asked_to_leave.clear()
        self._leaving.clear()
        self._waiting = ()
