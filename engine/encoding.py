"""Turns sound into points of the joint sound-text space."""

from __future__ import annotations

from collections.abc import Sequence

from engine.naming import Naming
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

    def embed(self, audio: F32) -> F32:
        """(b, n) waveforms to (b, d) embeddings of unit length."""
        return self._model.run({"audio": audio})["embedding"]
