"""Turns sound into points of the joint sound-text space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.hearing.naming import Naming
from engine.packets import F32
from engine.runtimes.model import Model


class Encoder(Naming):
    """A bundle's encoder with its vocabulary: what a sound is, and what it is called."""

    def __init__(
        self, model: Model, vocabulary: F32, names: Sequence[str], temperature: float
    ) -> None:
        """`vocabulary` (labels, d) unit rows, one per name; probabilities are softmax(cos / T)."""
        super().__init__(vocabulary, names, temperature)
        self._model = model

    def embed(self, audio: F32, mixture: F32 | None = None) -> F32:
        """(b, n) waveforms to (b, d) embeddings of unit length.

        mixture: (n,) the sound that every row is a part of, sample for sample; None where they are
        sounds of their own. It tells an encoder that makes use of it what in a slot is only a rest
        of the other slots' sounds.
        """
        asked = {"audio": audio}
        if "mixture" in self._model.inputs:
            whole = np.zeros(audio.shape[1], np.float32) if mixture is None else mixture
            asked["mixture"] = whole[None]
        return self._model.run(asked)["embedding"]
