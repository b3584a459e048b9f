"""Turns sound into points of the joint sound-text space, and those into labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.packets import F32
from engine.runtimes.model import Model


class Encoder:
    """A bundle's encoder with its vocabulary: what a sound is, and what it is called."""

    def __init__(
        self, model: Model, vocabulary: F32, names: Sequence[str], temperature: float
    ) -> None:
        """`vocabulary` (labels, d) unit rows, one per name; probabilities are softmax(cos / T)."""
        self._model = model
        self._vocabulary = np.asarray(vocabulary, np.float32)
        self._temperature = temperature
        self.names = tuple(names)

    def embed(self, audio: F32) -> F32:
        """(b, n) waveforms to (b, d) embeddings of unit length."""
        return self._model.run({"audio": audio})["embedding"]

    def probabilities(self, embedding: F32) -> F32:
        """(..., d) to (..., labels) that sum to 1."""
        logits = embedding @ self._vocabulary.T / self._temperature
        raised = np.exp(logits - logits.max(-1, keepdims=True))
        return raised / raised.sum(-1, keepdims=True)

    def identity(self, embeddings: F32) -> F32:
        """(..., d) to (..., labels): unit vectors that tell sounds apart by their cosine.

        Contrastive spaces are cones: any two sounds have a high cosine, and how high differs from
        bundle to bundle. How a sound compares with all labels, around its mean, has no such bias:
        unlike sounds are near 0 or under. The greatest entry is the most probable label.
        """
        relative = embeddings @ self._vocabulary.T
        relative = relative - relative.mean(-1, keepdims=True)
        return relative / np.maximum(np.linalg.norm(relative, axis=-1, keepdims=True), 1e-9)

    def labels(self, embedding: F32, top: int = 5) -> tuple[tuple[str, float], ...]:
        """The `top` most probable labels of one embedding (d,), each with its probability."""
        p = self.probabilities(embedding)
        return tuple((self.names[i], float(p[i])) for i in np.argsort(-p, kind="stable")[:top])
