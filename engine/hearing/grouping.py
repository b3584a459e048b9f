"""Finds the slots that hold one and the same source.

A separator that is not sure leaks a source into several slots. Where such slots sound alike, or
where one is less clear by itself than the mixture as a whole, they are taken together before
anything is tracked.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.packets import F32

ALIKE = 0.9
"""Cosine over which two slots hold the same source, whatever they are called."""
ALIKE_NAMESAKES = 0.65
"""The same for two slots whose most probable label is the same."""
CLEARER = 0.0
"""A slot stands by itself if its clarity exceeds this: taking sound apart must make it clearer.

On mixes of one to three recordings with the first
bundle's models this told slots with a source of their own from leakage better (area under the
curve 0.82) than the slot's level (0.74), its probability (0.75) or its likeness (0.54)."""
FAINT_DB = 6.0
CLEARER_PER_DB = 0.02
"""So far under the loudest slot, a slot must be so much clearer for each further decibel: leakage
is faint. On the same mixes it took a sixth of the ghosts away and no source."""
SURE = 0.6
"""A slot this probable need not be clearer than the mixture: a newcomer beside a sound that has
filled the window for long could not be."""
NO_LEAKAGE = 0.25
"""The same for a slot that is nearly as loud as the loudest, within FAINT_DB: leakage is not."""
SLACK = 0.15
"""How much less alike slots that were together stay together: no flicker at the border."""


def is_same_source(one: F32, other: F32, slack: float = 0.0) -> bool:
    """Whether two sounds with these identities (labels,) are one source."""
    namesakes = int(one.argmax()) == int(other.argmax())
    return float(one @ other) > (ALIKE_NAMESAKES if namesakes else ALIKE) - slack


def clarity(probability: float, mixture: float, under_db: float) -> float:
    """How much clearer a slot is than the mixture, each by the probability of its best label.

    under_db: how far its power lies under the loudest slot's.
    """
    enough = SURE if under_db > FAINT_DB else NO_LEAKAGE
    return probability - min(mixture, enough) - CLEARER_PER_DB * max(0.0, under_db - FAINT_DB)


class SlotGroups:
    """Groups slots from hop to hop, with hysteresis."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget which slots were together."""
        self._together: frozenset[tuple[int, int]] = frozenset()
        self._alone: frozenset[int] = frozenset()

    def group(
        self, slots: Sequence[int], identities: F32, loudest: int, clarities: Sequence[float]
    ) -> list[tuple[int, ...]]:
        """Positions in `slots` that belong together, in the order of their first.

        slots (k,) ascending; identities (k, labels) unit rows, see `Encoder.identity`; loudest is
        the position of the loudest slot, which unclear ones belong to; clarities (k,), see
        `clarity`. A group is what is connected: a, c are together if both are alike to b.
        """
        alone = [
            i == loudest or clarities[i] > CLEARER - (SLACK if slot in self._alone else 0.0)
            for i, slot in enumerate(slots)
        ]
        self._alone = frozenset(s for s, clear in zip(slots, alone, strict=True) if clear)
        group_of = [i if clear else loudest for i, clear in enumerate(alone)]
        together = set()
        for i in range(len(slots)):
            for j in range(i + 1, len(slots)):
                pair = (slots[i], slots[j])
                slack = SLACK if pair in self._together else 0.0
                if alone[i] and alone[j] and is_same_source(identities[i], identities[j], slack):
                    together.add(pair)
                    old, new = group_of[j], group_of[i]
                    group_of = [new if g == old else g for g in group_of]
        self._together = frozenset(together)
        groups: dict[int, list[int]] = {}
        for position, g in enumerate(group_of):
            groups.setdefault(g, []).append(position)
        return [tuple(members) for members in groups.values()]


def blend(vectors: F32, weights: Sequence[float]) -> F32:
    """The unit vector (d,) between unit vectors (k, d), nearer to those of more weight."""
    mixed = np.asarray(weights, np.float32) @ vectors
    return mixed / max(float(np.linalg.norm(mixed)), 1e-9)
