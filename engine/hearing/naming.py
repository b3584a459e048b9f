"""What a point of the joint sound-text space is called, and how surely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.packets import F32

SHARPER = 2.0
"""Identities are read at a lower temperature than labels. How low hardly matters for which pairs
are told apart; half leaves the plainest gap between the same and another sound."""


class Naming:
    """A bundle's vocabulary."""

    def __init__(self, vocabulary: F32, names: Sequence[str], temperature: float) -> None:
        """`vocabulary` (labels, d) unit rows, one per name; probabilities are softmax(cos / T)."""
        self._vocabulary = np.asarray(vocabulary, np.float32)
        around = self._vocabulary - self._vocabulary.mean(0)
        lengths = np.linalg.norm(around, axis=1, keepdims=True)
        self._around = around / np.maximum(lengths, 1e-6)
        self._temperature = temperature
        self.names = tuple(names)

    def probabilities(self, embedding: F32) -> F32:
        """(..., d) to (..., labels) that sum to 1."""
        return self._softmax(embedding, self._temperature)

    def identity(self, embeddings: F32) -> F32:
        """(..., d) to (..., labels): unit vectors that tell sounds apart by their cosine.

        Contrastive spaces are cones: any two sounds have a high cosine, and how high differs from
        bundle to bundle. The roots of the label probabilities, sharpened, have no such bias: their
        cosine (the Bhattacharyya coefficient) is near 0 for sounds that are surely different and
        stays high where the encoder is not sure. The greatest entry is the most probable label.
        """
        return np.sqrt(self._softmax(embeddings, self._temperature / SHARPER))

    def similarity(self, one: int, other: int) -> float:
        """How near two names are, in [-1, 1]: the cosine of their words, seen from all words'
        middle, since spaces are cones. High for sounds that are taken for one another."""
        return float(self._around[one] @ self._around[other])

    def label_embedding(self, number: int) -> F32:
        """(d,) where a label's name lies in the space; unit length."""
        return self._vocabulary[number]

    def labels(self, embedding: F32, top: int = 5) -> tuple[tuple[str, float], ...]:
        """The `top` most probable labels of one embedding (d,), each with its probability."""
        p = self.probabilities(embedding)
        return tuple((self.names[i], float(p[i])) for i in np.argsort(-p, kind="stable")[:top])

    def _softmax(self, embeddings: F32, temperature: float) -> F32:
        logits = embeddings @ self._vocabulary.T / temperature
        raised = np.exp(logits - logits.max(-1, keepdims=True))
        return raised / raised.sum(-1, keepdims=True)
