"""Takes a whole recording apart into one sound per track."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.hearing.hearer import Hearer
from engine.packets import F32, Hearing

CROSSFADE_S = 0.02
"""A slot fades in and out of a track, so that nothing clicks."""
HEAD_HOPS = 2
"""A source is known as one only after it has begun: its track starts so much earlier."""


@dataclass(frozen=True, slots=True)
class UnmixedRecording:
    """A recording, taken apart. Sample i of everything is sample i of the recording."""

    hearings: tuple[Hearing, ...]
    """One per hop, the same as a live run gives."""
    separated: F32
    """(slots, n) what the separator gave."""
    sample_rate_hz: int
    segments: Mapping[int, tuple[tuple[int, int, int], ...]]
    """track_id to its (slot, first sample, end sample), none overlapping another of its slot."""

    def sound_of(self, track_id: int) -> F32:
        """(n,) the sound of one track; silence where it is not heard. KeyError if there is none."""
        n = self.separated.shape[1]
        out = np.zeros(n, np.float32)
        half = round(CROSSFADE_S * self.sample_rate_hz) // 2
        ramp = (np.arange(2 * half, dtype=np.float32) + 0.5) / max(1, 2 * half)
        for slot, first, end in self.segments[track_id]:
            # Fades stand half outside the turn, so that neighbours in one slot add up to one.
            low, high = max(0, first - half), min(n, end + half)
            gain = np.ones(high - low, np.float32)
            if first > 0:
                head = ramp[half - (first - low) :][: gain.size]
                gain[: head.size] *= head
            if end < n:
                tail = ramp[::-1][: half + (high - end)][-gain.size :]
                gain[gain.size - tail.size :] *= tail
            out[low:high] += gain * self.separated[slot, low:high]
        return out


def unmix(
    hearer: Hearer, samples: F32, progress: Callable[[int], None] | None = None
) -> UnmixedRecording:
    """Take samples (n,) at the hearer's rate apart; `progress` is told the samples done so far.

    The hearer must be fresh or reset. A track holds the slots that it is heard in, from shortly
    before it was recognised; while it is silent it keeps those that nobody else is heard in, so
    that tails are whole. Memory: about 20 bytes per sample.
    """
    n, hop = samples.size, hearer.hop
    hearings: list[Hearing] = []
    separated: list[F32] = [hearer.separated(0, 0)]
    plan: list[dict[int, tuple[int, ...]]] = []
    bounds = [0]
    at = 0
    # Feed silence after the end until the last sample has come out of the separator.
    while bounds[-1] < n:
        piece = np.zeros(hop, np.float32)
        here = samples[at : at + hop]
        piece[: here.size] = here
        at += hop
        (hearing,) = hearer.push(piece, at / hearer.sample_rate_hz)
        separated.append(hearer.separated(bounds[-1], hearer.separated_end))
        bounds.append(hearer.separated_end)
        plan.append(_claim_slots(hearer, hearing, plan[-1] if plan else {}))
        if hearing.stamp.end_sample <= n:
            hearings.append(hearing)
        if progress is not None:
            progress(min(at, n))
    whole = np.concatenate(separated, axis=1)[:, :n]
    return UnmixedRecording(
        tuple(hearings), whole, hearer.sample_rate_hz, _join_segments(plan, bounds, n)
    )


def _claim_slots(
    hearer: Hearer, hearing: Hearing, before: Mapping[int, tuple[int, ...]]
) -> dict[int, tuple[int, ...]]:
    """track_id to its slots in this hop; silent tracks keep what is free."""
    claims = {s.track_id: hearer.slots_of(s.track_id) for s in hearing.sources}
    taken = {slot for slots in claims.values() for slot in slots}
    for track_id, slots in claims.items():
        if not slots:
            free = tuple(slot for slot in before.get(track_id, ()) if slot not in taken)
            claims[track_id] = free
            taken.update(free)
    return claims


def _join_segments(
    plan: list[dict[int, tuple[int, ...]]], bounds: list[int], n: int
) -> dict[int, tuple[tuple[int, int, int], ...]]:
    for k in range(1, len(plan)):
        for track_id, slots in plan[k].items():
            if track_id in plan[k - 1]:
                continue
            for earlier in range(max(0, k - HEAD_HOPS), k):
                taken = {slot for held in plan[earlier].values() for slot in held}
                free = tuple(slot for slot in slots if slot not in taken)
                plan[earlier].setdefault(track_id, free)
    segments: dict[int, list[list[int]]] = {}
    for k, claims in enumerate(plan):
        first, end = bounds[k], min(bounds[k + 1], n)
        for track_id, slots in claims.items():
            mine = segments.setdefault(track_id, [])
            for slot in slots:
                if first >= end:
                    continue
                last = next((t for t in mine if t[0] == slot and t[2] == first), None)
                if last is None:
                    mine.append([slot, first, end])
                else:
                    last[2] = end
    return {
        track_id: tuple((slot, first, end) for slot, first, end in mine)
        for track_id, mine in sorted(segments.items())
        if mine
    }
