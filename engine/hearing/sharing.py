"""Shares the separator's slots out among the names that are heard in the mixture.

The separator knows no names, and the encoder no parts. So each slot is asked which names it holds,
and so is the mixture without it: a name is where it is heard with the slot and missed without. What
a name gets of each slot makes its sound; the names that are not heard in the mixture stand for
whatever else there is, and what they get is the rest. A slot that holds two sounds goes to both in
part, and a sound that lies in two slots gets both, without rules for either.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.bundle.manifest import SeparatorSpec
from engine.hearing.ear import Ear
from engine.hearing.separation import StreamingSeparator
from engine.packets import F32
from engine.runtimes.model import Model
from engine.sound.loudness import LoudnessMeter

SURE = 1e-5
"""A presence counts as no surer than one minus this, nor as less sure than this."""
CALM = 2.0
"""What log-odds are divided by before they compete: two answers about one slot."""
MODEST = 1.0
"""How much the rest is held back: what is heard is likelier the sound than what is not."""
SLOT_S = 2.0
"""Of each slot so much is listened to, to tell whose it is."""
FOLLOWS_S = 0.8
"""Time constant with which shares follow what is heard: slots tremble."""


def shares_of(ear: Ear, slots: F32, names: Sequence[int]) -> F32:
    """(names, slots) in [0, 1], 1 in each slot at most: what each of k names gets of it.

    slots: (slots, n) a second or more of each, which are the mixture together.
    """
    presence = ear.presences(np.concatenate([slots, slots.sum(0) - slots]))
    presence = np.clip(presence, SURE, 1 - SURE)
    held, missed = np.split(np.log(presence) - np.log1p(-presence), 2)
    score = (held - missed) / CALM
    raised = np.exp(score - score.max(1, keepdims=True))
    others = np.delete(raised, list(names), axis=1).mean(1, keepdims=True) * np.exp(-MODEST)
    mine = raised[:, list(names)]
    return np.asarray((mine / (mine.sum(1, keepdims=True) + others)).T, np.float32)


class Sharing:
    """A stream's slots, and what each name has of them now.

    `end` is one past the newest sample of the slots: `latency_samples`, and up to a frame, behind
    what was pushed.
    """

    def __init__(
        self, model: Model, spec: SeparatorSpec, slots: int, window: int, sample_rate_hz: int,
        every_s: float,
    ) -> None:  # fmt: skip
        """window: samples of the past that can be given at least. every_s: from one sharing out to
        the next."""
        self._follows = 1 - math.exp(-every_s / FOLLOWS_S)
        self.slots = slots
        self._spec = spec
        self._separator = StreamingSeparator(model, spec, slots, window)
        self._meter = LoudnessMeter(sample_rate_hz, window / sample_rate_hz, slots)
        self.reset()

    def reset(self) -> None:
        """Begin again at sample 0, in silence, with no name."""
        self._separator.reset()
        self._meter.reset()
        # Steps of loudness then end where hops do, not a latency off.
        self._meter.push(np.zeros((self.slots, self._spec.latency_samples), np.float32))
        self._shares: dict[int, F32] = {}

    @property
    def end(self) -> int:
        """One past the newest sample that is taken apart."""
        return self._separator.end

    def push(self, samples: F32) -> None:
        """Take mixture samples (n,)."""
        self._meter.push(self._separator.push(samples))

    def share_out(self, shares: Mapping[int, F32]) -> None:
        """Let these names, and no other, have so much of each slot (slots,); one that had something
        before moves there."""
        moved: dict[int, NDArray[np.floating]] = {}
        for name, wanted in shares.items():
            had = self._shares.get(name, wanted)
            moved[name] = had + self._follows * (wanted - had)
        # where names come and go nobody gives more than there is
        total = np.maximum(sum(moved.values(), np.zeros(self.slots)), 1.0)
        self._shares = {name: np.asarray(s / total, np.float32) for name, s in moved.items()}

    def keep(self, names: Sequence[int]) -> None:
        """Let these names have what they have, and no other anything."""
        self._shares = {name: self._shares[name] for name in names if name in self._shares}

    def between(self, first: int, end: int) -> F32:
        """(slots, end - first) of the slots, a view until the next push.

        Raises LookupError for what is not kept.
        """
        return self._separator.between(first, end)

    @property
    def names(self) -> tuple[int, ...]:
        """Those that have something."""
        return tuple(self._shares)

    def share(self, name: int) -> F32:
        """(slots,) of a name; zeros for one that has nothing."""
        return self._shares.get(name, np.zeros(self.slots, np.float32))

    def peak_lufs(self, share: F32, last_s: float) -> float:
        """Loudest 100 ms of the last seconds of so much of each slot (slots,), at least -70."""
        return self._meter.peak_of(share, last_s)

    def loudness_lufs(self, share: F32) -> float:
        """Gated loudness over the window of so much of each slot (slots,), at least -70."""
        return self._meter.loudness_of(share)
