"""What a point of the joint sound-text space is called, and how surely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.packets import F32


class Naming:
    """A bundle's vocabulary."""

    def __init__(self, vocabulary: F32, names: Sequence[str], temperature: float) -> None:
        """`vocabulary` (labels, d) unit rows, one per name; probabilities are softmax(cos / T)."""
        self._vocabulary = np.asarray(vocabulary, np.float32)
        self._temperature = temperature
        self.names = tuple(names)

    def label_embedding(self, number: int) -> F32:
        """(d,) where a label's name lies in the space; unit length."""
        return self._vocabulary[number]

    def probabilities(self, embedding: F32) -> F32:
        """(..., d) to (..., labels) that sum to 1."""
        logits = embedding @ self._vocabulary.T / self._temperature
        raised = np.exp(logits - logits.max(-1, keepdims=True))
        return raised / raised.sum(-1, keepdims=True)
