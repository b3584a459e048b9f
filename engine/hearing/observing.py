"""From the embeddings of audible slots to observations: what sounds in a hop, one per source."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.hearing.encoding import Encoder
from engine.hearing.grouping import SlotGroups, blend, clarity
from engine.hearing.mixture_residual import choose_embedding
from engine.hearing.slot_meters import SlotMeters
from engine.hearing.tracking import Observation
from engine.packets import F32

WHOLE = 0.85
"""With this share of the mixture's power a source is the mixture."""


class Observer:
    """Takes slots that hold the same source together, and says what each source sounds like."""

    def __init__(self, encoder: Encoder, meters: SlotMeters) -> None:
        self._encoder = encoder
        self._meters = meters
        self._groups = SlotGroups()

    def reset(self) -> None:
        """Forget which slots were together."""
        self._groups.reset()

    def observe(self, slots: Sequence[int], embeddings: F32) -> list[Observation]:
        """One observation per source.

        slots: the audible ones, ascending. embeddings (1 + slots, d): the mixture's, then theirs.
        """
        if not slots:
            return []
        best = self._encoder.probabilities(embeddings).max(1)
        powers = [self._meters.power((slot,)) for slot in slots]
        loudest = int(np.argmax(powers))
        groups = self._group(slots, embeddings, best, powers)
        observations = []
        for positions in groups:
            members = tuple(slots[p] for p in positions)
            if loudest in positions:
                alone = len(groups) == 1
                embedding = self._embed_loudest(members, embeddings, best, loudest, alone)
            else:
                embedding = blend(embeddings[1:][list(positions)], [powers[p] for p in positions])
            observations.append(
                Observation(
                    slots=members,
                    embedding=embedding,
                    identity=self._encoder.identity(embedding),
                    profile=self._meters.profile(members),
                    level_lufs=self._meters.level_lufs(members),
                )
            )
        return observations

    def _group(
        self, slots: Sequence[int], embeddings: F32, best: F32, powers: Sequence[float]
    ) -> list[tuple[int, ...]]:
        """Positions in `slots` that hold one source each. best (1 + slots,): top probabilities."""
        loudest = int(np.argmax(powers))
        clarities = [
            clarity(float(p), float(best[0]), 10 * math.log10(powers[loudest] / power))
            for p, power in zip(best[1:], powers, strict=True)
        ]
        return self._groups.group(slots, self._encoder.identity(embeddings[1:]), loudest, clarities)

    def _embed_loudest(
        self, members: tuple[int, ...], embeddings: F32, best: F32, loudest: int, alone: bool
    ) -> F32:
        """(d,) of the source that has the loudest slot. alone: no other source is in the hop."""
        if alone and self._meters.power(members) > WHOLE * self._meters.mixture_power:
            # Nothing else is in the window: the mixture is the source, without artefacts.
            embedding = embeddings[0]
        else:
            # The mixture tells most about the loudest source: trust whichever is clearer.
            both = embeddings[[0, 1 + loudest]]
            embedding = blend(both, (best[0] ** 2, best[1 + loudest] ** 2))
        return choose_embedding(embedding, embeddings[1 + loudest], self._encoder)
