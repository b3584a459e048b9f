"""Gives each source a track that survives from hop to hop.

What is observed in a hop is assigned to the living tracks by the cheapest matching of all
(Hungarian method). A source must be heard in two hops to be born and be silent for two seconds to
die; one that comes back within half a minute is recognised and gets its track back.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.hearing.assignment import assign
from engine.hearing.grouping import blend, is_same_source
from engine.hearing.spectral_profile import profile_distance
from engine.packets import F32

NEVER = 10.0
"""Cost that no match is worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One source as it sounds in one hop, not yet known to be anyone. Equal to itself alone."""

    slots: tuple[int, ...]
    """Separator slots that it came out of."""
    embedding: F32
    """(d,) unit length."""
    identity: F32
    """(labels,) unit length, see `Encoder.identity`: what tells it from others."""
    profile: F32
    """(bands,) dB, see `engine.hearing.spectral_profile`."""
    level_lufs: float
    """How loud it is now."""


@dataclass(frozen=True, slots=True)
class Track:
    """One source as far as it is known."""

    track_id: int
    """1, 2, ... in the order of birth."""
    slots: tuple[int, ...]
    """Where it was heard last."""
    embedding: F32
    """(d,) unit length, smoothed over the last seconds."""
    silent_s: float
    """Seconds since it was heard; 0 if in this hop."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a match costs and when tracks are born and die."""

    identity_part: float = 0.5
    """Cost of having nothing in common by identity, cosine 0."""
    profile_part: float = 0.3
    """Cost of having no band in common."""
    slot_part: float = 0.1
    """Cost of coming out of other slots. With carried state a window overlaps its predecessor
    exactly when the slot is the same, so this and the profile stand for spectral overlap."""
    level_part: float = 0.1
    """Cost of 30 LU of difference in level."""
    limit: float = 0.7
    """A match that costs more is none. A sound that has nothing in common by identity can still be
    matched, if it goes on in the slot and the bands of the track: it is then strange."""
    strange: float = 0.35
    """Cosine to a track's centroid under which a sound is strange to it."""
    strange_name: float = 0.5
    """The same for a sound whose most probable label is another."""
    succeeds_after: int = 4
    """Hops in a row in which a sound must be strange to its track to get a track of its own."""
    clear: float = 0.25
    """A match that costs less is clear, if the next best track costs plainly more."""
    margin: float = 0.1
    """What plainly more is."""
    births_after: int = 2
    """Hops in which a source must be heard to be born."""
    dies_after_s: float = 2.0
    """Silence that ends a track."""
    young_s: float = 2.0
    """While a track is this young its windows are still filling up, and it learns freely."""
    named_young: float = 0.3
    """Part of the newest hop in what a young track is called, ..."""
    named_by: float = 0.05
    """... and later: the windows of neighbouring hops are nearly the same sound, so that only some
    seconds of them say more than one. A sound that has become another is soon strange."""
    remembered_s: float = 30.0
    """How long a dead track can be recognised."""
    recognised: float = 0.8
    """Cosine to its memory from which a source has come back."""


@dataclass(slots=True, eq=False)
class _TrackState:
    """A track in the making, living or remembered. Equal to itself alone."""

    seen: Observation
    centroid: F32
    """Identity that it has always had: moves slowly, and only when the match is clear."""
    recent: F32
    """Identity that it has now: follows in half a second."""
    smooth: F32
    """Embedding, following slowly: what it is called."""
    first_s: float
    last_s: float
    hops: int = 1
    strange: int = 0
    """Hops in a row in which it did not sound like itself."""
    track_id: int | None = None
    """None until it is born."""


class Tracker:
    """Tracks at most `max_tracks` sources at a time."""

    def __init__(self, max_tracks: int, rules: Rules | None = None) -> None:
        """Raises ValueError for less than one track."""
        if max_tracks < 1:
            raise ValueError(f"a tracker needs room for at least one track, not {max_tracks}")
        self._max_tracks = max_tracks
        self.rules = rules or Rules()
        self.reset()

    def reset(self) -> None:
        """Forget all; the next track is number 1."""
        self._ids = itertools.count(1)
        self._lives: list[_TrackState] = []
        self._memory: list[_TrackState] = []
        self._before_s = 0.0

    def update(self, observations: Sequence[Observation], now_s: float) -> tuple[Track, ...]:
        """The living tracks, oldest first, after what is observed at `now_s` of sound."""
        rules = self.rules
        matches = self._match(observations)
        for life, seen, clear in matches:
            self._learn(life, seen, clear, now_s)
        self._before_s = now_s
        taken = [seen for _, seen, _ in matches]
        for seen in observations:
            if not any(seen is t for t in taken) and not self._merge_duplicate(seen, now_s):
                who, how = seen.identity, seen.embedding
                self._lives.append(_TrackState(seen, who, who, how, now_s, now_s))

        kept: list[_TrackState] = []
        for life in self._lives:
            silent_s = now_s - life.last_s
            if life.track_id is None and silent_s > 0:
                continue
            if life.track_id is not None and silent_s >= rules.dies_after_s - 1e-6:
                self._memory.append(life)
                continue
            kept.append(life)
        self._lives = kept
        self._memory = [m for m in self._memory if now_s - m.last_s < rules.remembered_s]
        for life in list(self._lives):
            if life.strange >= rules.succeeds_after:
                self._lives.append(self._replace_changed(life))
        for life in list(self._lives):
            if life.track_id is None and life.hops >= rules.births_after:
                self._promote(life, now_s)
        born = sorted((life.track_id, life) for life in self._lives if life.track_id is not None)
        return tuple(
            Track(number, life.seen.slots, life.smooth, now_s - life.last_s)
            for number, life in born
        )

    def _costs(self, seen: Observation) -> F32:
        """(lives,) cost of taking an observation for each life."""
        rules, lives = self.rules, self._lives
        cosines = np.stack([life.centroid for life in lives]) @ seen.identity
        profiles = profile_distance(seen.profile, np.stack([life.seen.profile for life in lives]))
        elsewhere = [
            1 - len({*seen.slots} & {*life.seen.slots}) / len({*seen.slots} | {*life.seen.slots})
            for life in lives
        ]
        levels = np.array([life.seen.level_lufs for life in lives])
        # Who was silent and comes back must be known by the voice.
        silent = np.array([life.last_s < self._before_s for life in lives])
        return np.asarray(
            np.where(silent & (cosines < rules.strange), NEVER, 0.0)
            + rules.identity_part * np.minimum(1.0, 1 - cosines)
            + rules.profile_part * profiles
            + rules.slot_part * np.array(elsewhere)
            + rules.level_part * np.minimum(1.0, np.abs(levels - seen.level_lufs) / 30),
            np.float32,
        )

    def _match(
        self, observations: Sequence[Observation]
    ) -> list[tuple[_TrackState, Observation, bool]]:
        """Who is who, and whether that is clear."""
        lives, rules = self._lives, self.rules
        if not lives or not observations:
            return []
        costs = np.stack([self._costs(seen) for seen in observations])
        # One more column for each observation: being nobody costs the limit.
        nobody = np.full((len(observations), len(observations)), rules.limit, np.float32)
        matches = []
        for row, column in enumerate(assign(np.concatenate([costs, nobody], axis=1))):
            if column >= len(lives):
                continue
            others = np.delete(costs[row], column)
            plain = others.size == 0 or others.min() > costs[row, column] + rules.margin
            clear = bool(plain and costs[row, column] < rules.clear)
            matches.append((lives[column], observations[row], clear))
        return matches

    def _learn(self, life: _TrackState, seen: Observation, clear: bool, now_s: float) -> None:
        life.seen, life.last_s = seen, now_s
        life.hops += 1
        young = now_s - life.first_s < self.rules.young_s
        if not young and self._is_strange(life, seen):
            # It keeps its name until this has lasted: see `_replace_changed`.
            life.strange += 1
            return
        life.strange = 0
        settled = 0.04 if clear else 0.0
        weight = max(0.15, 1 / (life.hops + 1)) if young else settled
        life.centroid = blend(np.stack([life.centroid, seen.identity]), (1 - weight, weight))
        follow = 0.5 if young else 0.2
        life.recent = blend(np.stack([life.recent, seen.identity]), (1 - follow, follow))
        follow = self.rules.named_young if young else self.rules.named_by
        life.smooth = blend(np.stack([life.smooth, seen.embedding]), (1 - follow, follow))

    def _is_strange(self, life: _TrackState, seen: Observation) -> bool:
        namesakes = int(life.centroid.argmax()) == int(seen.identity.argmax())
        border = self.rules.strange if namesakes else self.rules.strange_name
        return float(life.centroid @ seen.identity) < border

    def _merge_duplicate(self, seen: Observation, now_s: float) -> bool:
        """Add an observation that nobody is to a track that it is plainly a part of, if any.

        A separator that begins to leak a source into one more slot must not make a twin of it.
        """
        for life in self._lives:
            if life.track_id is None or life.last_s != now_s:
                continue
            if is_same_source(life.recent, seen.identity):
                slots = tuple(sorted({*life.seen.slots, *seen.slots}))
                life.seen = replace(life.seen, slots=slots)
                return True
        return False

    def _replace_changed(self, life: _TrackState) -> _TrackState:
        """End a track that has long been strange to itself; who is heard in its place is ready."""
        self._lives.remove(life)
        self._memory.append(life)
        who, how, now_s = life.seen.identity, life.seen.embedding, life.last_s
        return _TrackState(life.seen, who, who, how, now_s, now_s, hops=life.strange)

    def _promote(self, life: _TrackState, now_s: float) -> None:
        """Make a track of a life, if there is room, or give it back the one that it had."""
        if sum(other.track_id is not None for other in self._lives) >= self._max_tracks:
            silent = [o for o in self._lives if o.track_id is not None and o.last_s < now_s]
            if not silent:
                return
            gone = min(silent, key=lambda o: o.last_s)
            self._lives.remove(gone)
            self._memory.append(gone)
        known = [(float(m.centroid @ life.centroid), i) for i, m in enumerate(self._memory)]
        cosine, at = max(known, default=(-1.0, -1))
        if cosine >= self.rules.recognised:
            before = self._memory.pop(at)
            life.track_id = before.track_id
            life.centroid = blend(np.stack([before.centroid, life.centroid]), (0.5, 0.5))
        else:
            life.track_id = next(self._ids)
