"""Tracks on synthetic source paths: crossing levels, coming and going, slots that swap and leak."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pytest

from engine.hearing.tracking import Observation, Rules, Track, Tracker

HOP_S = 0.2
LABELS = 24
BANDS = 23


def _unit(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@dataclass(frozen=True)
class Source:
    """A source with its own identity and colour, and when, where and how loud it sounds."""

    number: int
    slot: Callable[[float], int]
    level_lufs: Callable[[float], float]
    sounds: Callable[[float], bool] = lambda t: True

    def observe(self, t: float, rng: np.random.Generator, noise: float = 0.25) -> Observation:
        own = np.random.default_rng(1000 + self.number)
        identity = np.zeros(LABELS)
        identity[self.number] = 1.0
        identity += own.normal(size=LABELS) * 0.1
        identity = _unit(identity + rng.normal(size=LABELS) * noise / np.sqrt(LABELS))
        profile = own.uniform(-40, 0, BANDS) + rng.normal(size=BANDS) * 3
        return Observation(
            slots=(self.slot(t),),
            embedding=identity,
            identity=identity,
            profile=profile.astype(np.float32),
            level_lufs=self.level_lufs(t) + float(rng.normal()) * 2,
        )


@dataclass
class Count:
    """What identity means: each source has one track, each track one source."""

    swaps: int = 0
    """A source's track became another's."""
    splits: int = 0
    """A source got one more track."""
    tracks: int = 0
    owners: dict[int, int] | None = None


def _follow(
    sources: list[Source], seconds: float, tracker: Tracker | None = None, seed: int = 0
) -> Count:
    """Run the tracker over the sources; who a track belongs to is told by identity."""
    tracker = tracker or Tracker(max_tracks=4)
    rng = np.random.default_rng(seed)
    owner_of: dict[int, int] = {}
    tracks_of: dict[int, set[int]] = {}
    count = Count()
    for k in range(1, round(seconds / HOP_S) + 1):
        t = k * HOP_S
        seen = [s for s in sources if s.sounds(t)]
        observations = [s.observe(t, rng) for s in seen]
        by_slot = {s.slot(t): s.number for s in seen}
        order = rng.permutation(len(observations))
        for track in tracker.update([observations[i] for i in order], t):
            if track.silent_s > 0:
                continue
            owner = by_slot[track.slots[0]]
            if owner_of.setdefault(track.track_id, owner) != owner:
                count.swaps += 1
                owner_of[track.track_id] = owner
            tracks_of.setdefault(owner, set()).add(track.track_id)
    count.splits = sum(len(tracks) - 1 for tracks in tracks_of.values())
    count.tracks = len(owner_of)
    count.owners = owner_of
    return count


def _steady(slot: int) -> Callable[[float], int]:
    return lambda t: slot


@pytest.mark.parametrize("seed", range(5))
def test_three_sources_for_a_minute_keep_their_tracks(seed: int) -> None:
    sources = [Source(n, _steady(n), lambda t, n=n: -25 - 4 * n) for n in range(3)]
    count = _follow(sources, 60, seed=seed)
    assert (count.swaps, count.splits, count.tracks) == (0, 0, 3)


def test_crossing_levels_do_not_swap() -> None:
    rising = Source(0, _steady(0), lambda t: -45 + t)
    falling = Source(1, _steady(1), lambda t: -15 - t)
    count = _follow([rising, falling], 30)
    assert (count.swaps, count.splits, count.tracks) == (0, 0, 2)


def test_slots_that_swap_do_not_swap_tracks() -> None:
    """The separator changes its mind about which slot is whose, every four seconds."""
    a = Source(0, lambda t: int(t / 4) % 2, lambda t: -25)
    b = Source(1, lambda t: 1 - int(t / 4) % 2, lambda t: -27)
    count = _follow([a, b], 60)
    assert (count.swaps, count.splits, count.tracks) == (0, 0, 2)


def test_calls_with_pauses_are_one_track() -> None:
    bell = Source(0, _steady(0), lambda t: -20, sounds=lambda t: t % 3 < 1.3)
    rain = Source(1, _steady(1), lambda t: -30)
    count = _follow([bell, rain], 60)
    assert (count.swaps, count.splits, count.tracks) == (0, 0, 2)


def test_who_returns_within_half_a_minute_is_recognised() -> None:
    dog = Source(0, _steady(0), lambda t: -20, sounds=lambda t: t < 5 or 25 < t < 30)
    wind = Source(1, _steady(1), lambda t: -25)
    # Another takes the dog's slot in the meantime.
    owl = Source(2, _steady(0), lambda t: -22, sounds=lambda t: 10 < t < 18)
    count = _follow([dog, wind, owl], 32)
    assert (count.swaps, count.splits, count.tracks) == (0, 0, 3)


def test_who_returns_after_longer_is_new() -> None:
    dog = Source(0, _steady(0), lambda t: -20, sounds=lambda t: t < 5 or 45 < t < 50)
    count = _follow([dog], 50)
    assert (count.swaps, count.splits, count.tracks) == (0, 1, 2)


def test_another_source_in_the_same_slot_is_another_track() -> None:
    first = Source(0, _steady(0), lambda t: -20, sounds=lambda t: t <= 5)
    second = Source(1, _steady(0), lambda t: -20, sounds=lambda t: t > 5)
    count = _follow([first, second], 12)
    assert (count.swaps, count.splits, count.tracks) == (0, 0, 2)


def _run(tracker: Tracker, frames: Iterable[list[Observation]]) -> list[tuple[Track, ...]]:
    return [tracker.update(f, (k + 1) * HOP_S) for k, f in enumerate(frames)]


def test_who_takes_a_silent_one_s_slot_may_become_another() -> None:
    """Two tracks were heard last in one slot, and the younger ends as the older is still there."""

    def heard(number: int, slot: int, colour: int) -> Observation:
        profile = np.full(BANDS, -60, np.float32)
        profile[colour : colour + 4] = -10
        identity = _unit(np.eye(LABELS)[number])
        return Observation((slot,), identity, identity, profile, -20.0)

    tracker = Tracker(max_tracks=4)
    for k in range(25):
        before = tracker.update([heard(0, 0, 0), heard(1, 1, 12)], k * HOP_S)
    for k in range(25, 33):
        after = tracker.update([heard(2, 0, 12)], k * HOP_S)
    assert [track.slots for track in before] == [(0,), (1,)]
    assert {track.silent_s > 0 for track in after} == {True, False}
    (newcomer,) = (track for track in after if track.silent_s == 0)
    assert newcomer.track_id == 3


def test_birth_takes_two_hops_and_death_two_seconds() -> None:
    rng = np.random.default_rng(0)
    rain = Source(0, _steady(0), lambda t: -25)
    sounding = [[rain.observe(0, rng)] for _ in range(5)]
    results = _run(Tracker(4), [*sounding, *[[] for _ in range(15)]])
    assert results[0] == ()
    assert [len(r) for r in results[1:5]] == [1] * 4
    silent = [r[0].silent_s for r in results[5:] if r]
    assert silent == pytest.approx([HOP_S * (k + 1) for k in range(9)])
    assert results[-1] == ()


def test_a_single_hop_is_no_source() -> None:
    rng = np.random.default_rng(0)
    click = Source(0, _steady(0), lambda t: -25)
    frames = [[click.observe(0, rng)] if k % 3 == 0 else [] for k in range(30)]
    assert all(r == () for r in _run(Tracker(4), frames))


def test_silence_is_no_source() -> None:
    assert all(r == () for r in _run(Tracker(4), [[] for _ in range(20)]))


def test_a_leak_into_another_slot_joins_its_source() -> None:
    """No crowd of clones: what sounds like a living track is a part of it."""
    rng = np.random.default_rng(0)
    rain = Source(0, _steady(0), lambda t: -25)
    leak = Source(0, _steady(2), lambda t: -38)
    frames = [[rain.observe(0, rng)] for _ in range(5)]
    frames += [[leak.observe(0, rng), rain.observe(0, rng)] for _ in range(20)]
    results = _run(Tracker(4), frames)
    assert {t.track_id for r in results for t in r} == {1}
    assert results[-1][0].slots == (0, 2)


def test_no_more_tracks_than_there_is_room_for() -> None:
    rng = np.random.default_rng(0)
    sources = [Source(n, _steady(n), lambda t: -25) for n in range(4)]
    tracker = Tracker(max_tracks=2)
    results = _run(tracker, [[s.observe(0, rng) for s in sources] for _ in range(10)])
    assert {len(r) for r in results[1:]} == {2}
    # One that is silent makes room for one that sounds, before its time.
    living = {t.slots[0] for t in results[-1]}
    silent = min(living)
    rest = [s for s in sources if s.slot(0) != silent]
    later = [tracker.update([s.observe(0, rng) for s in rest], 2.2 + k * HOP_S) for k in range(3)]
    assert silent not in {t.slots[0] for t in later[-1] if t.silent_s == 0}
    assert sum(t.silent_s == 0 for t in later[-1]) == 2
    with pytest.raises(ValueError, match="at least one"):
        Tracker(0)


def test_numbers_begin_again_after_a_reset_only() -> None:
    rng = np.random.default_rng(0)
    tracker = Tracker(4, Rules(remembered_s=1.0))
    dog = Source(0, _steady(0), lambda t: -25, sounds=lambda t: t % 6 < 1)
    ids = set()
    for k in range(1, 100):
        seen = [dog.observe(0, rng)] if dog.sounds(k * HOP_S) else []
        ids |= {t.track_id for t in tracker.update(seen, k * HOP_S)}
    assert ids == {1, 2, 3, 4}
    tracker.reset()
    assert tracker.update([dog.observe(0, rng)], 0.2) == ()
    assert tracker.update([dog.observe(0, rng)], 0.4)[0].track_id == 1
