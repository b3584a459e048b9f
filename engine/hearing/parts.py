"""What sounds in a whole recording, and from when to when, decided with what comes after in mind.

Where a live show must make up its mind as it goes, here every moment is heard in the middle of its
window, and a label that is sure once is followed back to where it began.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.hearing.ear import NEWEST_S, Ear
from engine.packets import F32

SURELY, LIKELY = 0.7, 0.5
"""Presence from which a label is believed: at one moment, at two in a row."""
STAYS = 0.25
"""Presence in the second around a moment from which a label sounds that is believed nearby."""
PAUSE_S = 2.0
"""Shorter pauses belong to a sound: a dog between two barks is still there."""
MARGIN_S = 0.4
"""A sound has begun before it is heard, and rings on."""
SILENT_DBFS = -70.0
"""Root mean square under which a moment holds nothing."""


@dataclass(frozen=True, slots=True)
class Presences:
    """Of a recording, hop by hop."""

    now: F32
    """(hops, labels + 1) in [0, 1], of the second around each hop."""
    lately: F32
    """(hops, labels + 1) of the window around it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a recording in which a label sounds."""

    label: int
    first: int
    """Hop in which it begins."""
    end: int
    """One past the hop in which it ends."""
    presence: float
    """Mean over its hops, in [0, 1]."""


def listen_through(
    ear: Ear, samples: F32, rate: int, window_s: float, hop: int, sensitivity_db: float = 0.0,
    progress: Callable[[int], None] | None = None,
) -> Presences:  # fmt: skip
    """Hear samples (n,) at the ear's rate; `progress` is told the samples done so far.

    sensitivity_db: lowers the level under which nothing is heard.
    """
    n, second, window = samples.size, round(NEWEST_S * rate), round(window_s * rate)
    hops, least = -(-n // hop), 10 ** ((SILENT_DBFS - sensitivity_db) / 20)
    found = []
    for number in range(hops):
        centre = number * hop + hop // 2
        found.append(
            [
                _hear(ear, _around(samples, centre, length), rate, least)
                for length in (second, window)
            ]
        )
        if progress is not None:
            progress(min(n, (number + 1) * hop))
    table = np.array(found, np.float32)
    return Presences(table[:, 0], table[:, 1])


def _around(samples: F32, centre: int, length: int) -> F32:
    """So many samples about a place, inside the recording where it is long enough."""
    first = max(0, min(centre - length // 2, samples.size - length))
    return samples[first : first + length]


def _hear(ear: Ear, piece: F32, rate: int, least: float) -> F32:
    """Presences of a piece (n,); zeros where it is no louder than `least`, root mean square."""
    piece = np.nan_to_num(np.asarray(piece, np.float32))
    shortest = round(NEWEST_S * rate)
    if piece.size < shortest:
        piece = np.pad(piece, (0, shortest - piece.size))
    if float(np.sqrt(np.mean(np.square(piece)))) <= least:
        return np.zeros(ear.labels + 1, np.float32)
    return ear.presences(piece[None])[0]


def decide(presences: Presences, hop_s: float, most: int) -> tuple[Part, ...]:
    """The parts of all labels, by their beginnings; at most `most` labels at any moment.

    What lies outside the vocabulary has no part: it is what the parts leave.
    """
    mean = (presences.now + presences.lately)[:, :-1] / 2
    likely = mean > LIKELY
    twice = likely.copy()
    twice[1:] &= likely[:-1]
    believed = (mean > SURELY) | twice
    pause, margin = round(PAUSE_S / hop_s), round(MARGIN_S / hop_s)
    active = np.zeros(mean.shape, bool)
    for label in np.flatnonzero(believed.any(0)):
        for first, end in _stretches(presences.now[:, label] > STAYS, pause):
            if believed[first:end, label].any():
                active[max(0, first - margin) : end + margin, label] = True
    for moment in np.flatnonzero(active.sum(1) > most):
        there = np.flatnonzero(active[moment])
        weakest = there[np.argsort(mean[moment, there], kind="stable")[: there.size - most]]
        active[moment, weakest] = False
    parts = [
        Part(int(label), first, end, float(mean[first:end, label].mean()))
        for label in np.flatnonzero(active.any(0))
        for first, end in _stretches(active[:, label], 0)
    ]
    return tuple(sorted(parts, key=lambda part: (part.first, part.label)))


def _stretches(there: NDArray[np.bool_], pause: int) -> list[tuple[int, int]]:
    """First and one past the last of each run, those nearer than `pause` hops taken as one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    runs = edges.reshape(-1, 2).tolist()
    joined: list[tuple[int, int]] = []
    for first, end in runs:
        if joined and first - joined[-1][1] <= pause:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((first, end))
    return joined
