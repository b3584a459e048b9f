"""Shares a whole recording out among the names that sound in it, with what comes after in mind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.hearing.ear import Ear
from engine.hearing.parts import Part
from engine.hearing.separation import StreamingSeparator
from engine.hearing.sharing import SLOT_S, shares_of
from engine.packets import F32

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels

EVERY = 2
"""Hops from one moment at which slots are listened to, to the next."""
SMOOTH_S = 1.2
"""Over which the shares of neighbouring moments are taken together."""


def separate_through(
    bundle: Bundle, models: BundleModels, samples: F32, hop: int, out: F32,
    progress: Callable[[int], None] | None = None,
) -> None:  # fmt: skip
    """Write the slots of samples (n,) into `out` (slots, n), hop samples at a time."""
    manifest, n = bundle.manifest, samples.size
    spec = manifest.separator
    separator = StreamingSeparator(models.separator, spec, manifest.sources, hop)
    late = np.zeros(spec.latency_samples + spec.frame_samples, np.float32)
    at = 0
    for first in range(0, n + late.size, hop):
        piece = np.asarray(samples[first : first + hop], np.float32)
        if piece.size < hop:
            piece = np.concatenate([piece, late])[:hop]
        separated = separator.push(np.nan_to_num(piece))[:, : n - at]
        out[:, at : at + separated.shape[1]] = separated
        at += separated.shape[1]
        if progress is not None:
            progress(at)


def shares_through(
    ear: Ear, slots: F32, rate: int, parts: Sequence[Part], hop: int,
    progress: Callable[[int], None] | None = None,
) -> dict[int, F32]:  # fmt: skip
    """label to (hops, slots): what each label of the parts has of each slot, hop by hop.

    slots: (slots, n).
    """
    n, hops = slots.shape[1], -(-slots.shape[1] // hop)
    length = min(n, round(SLOT_S * rate))
    shares = {part.label: np.zeros((hops, len(slots)), np.float32) for part in parts}
    there = [
        [part.label for part in parts if part.first <= number < part.end] for number in range(hops)
    ]
    before: tuple[list[int], F32] | None = None
    for number, labels in enumerate(there):
        if labels:
            if before is None or before[0] != labels or number % EVERY == 0:
                first = max(0, min(number * hop + hop // 2 - length // 2, n - length))
                before = labels, _shares(ear, slots[:, first : first + length], rate, labels)
            for label, share in zip(labels, before[1], strict=True):
                shares[label][number] = share
        if progress is not None:
            progress(min(n, (number + 1) * hop))
    # an odd number of hops has a middle
    width = 2 * max(0, min(round(SMOOTH_S * rate / hop), hops - 1) // 2) + 1
    smooth = {label: _smooth(found, width) for label, found in shares.items()}
    # where names come and go, their means overlap: nobody gives more than there is
    total = np.maximum(sum(smooth.values(), np.zeros((hops, len(slots)), np.float32)), 1.0)
    return {label: np.asarray(found / total, np.float32) for label, found in smooth.items()}


def _shares(ear: Ear, pieces: F32, rate: int, labels: list[int]) -> F32:
    """(labels, slots) of pieces (slots, n)."""
    missing = max(0, rate - pieces.shape[1])
    heard = np.pad(np.asarray(pieces, np.float32), ((0, 0), (0, missing)))
    return shares_of(ear, heard, labels)


def _smooth(shares: F32, width: int) -> F32:
    """(hops, slots), each the mean of so many about it in which the label sounds at all."""
    sounds = (shares.sum(1) > 0).astype(np.float32)
    ones = np.ones(width, np.float32)
    count = np.maximum(np.convolve(sounds, ones, "same"), 1e-6)
    mean = np.stack([np.convolve(slot, ones, "same") / count for slot in shares.T], axis=1)
    return np.asarray(mean * sounds[:, None], np.float32)


def sound_through(slots: F32, shares: F32, hop: int) -> Iterator[F32]:
    """The sound of shares (hops, slots) of slots (slots, n), piece by piece, (n,) together.

    Shares move in a straight line from the middle of one hop to that of the next, so that nothing
    clicks.
    """
    n = slots.shape[1]
    for number, first in enumerate(range(0, n, hop)):
        end = min(n, first + hop)
        near = slice(max(0, number - 1), number + 2)
        if not shares[near].any():
            yield np.zeros(end - first, np.float32)
            continue
        at = np.arange(first, end)
        middles = np.arange(near.start, near.start + len(shares[near])) * hop + hop / 2
        moving = np.stack([np.interp(at, middles, share) for share in shares[near].T])
        yield np.asarray((moving * slots[:, first:end]).sum(0), np.float32)
