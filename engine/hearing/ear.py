"""What the encoder says of the newest sound: which labels are in it, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.packets import F32
from engine.runtimes.model import Model

NEWEST_S = 1.0
"""The shortest piece that is listened to: what began a moment ago fills it soon."""


@dataclass(frozen=True, slots=True)
class Listened:
    """What is heard at one moment."""

    now: F32
    """(labels + 1,) in [0, 1]: how surely each label is in the newest second; the last stands for
    anything outside the vocabulary."""
    lately: F32
    """(labels + 1,) the same of the whole window."""
    embedding: F32
    """(d,) of the whole window, unit length."""


class Ear:
    """A bundle's encoder, listening to the end of a stream."""

    def __init__(self, model: Model, sample_rate_hz: int, labels: int) -> None:
        self._model = model
        self.labels = labels
        self._newest = round(NEWEST_S * sample_rate_hz)

    def listen(self, window: F32, heard: int) -> Listened:
        """window: (n,) the newest samples. heard: how many there are since the stream began; what
        stands in the window before them is no silence but nothing."""
        samples = min(window.size, max(heard, self._newest))
        whole = self._run(window[window.size - samples :])
        now = whole if samples <= self._newest else self._run(window[window.size - self._newest :])
        return Listened(now["presence"][0], whole["presence"][0], whole["embedding"][0])

    def presences(self, pieces: F32) -> F32:
        """(k, labels + 1) in [0, 1], of pieces (k, n) of a second or more."""
        return self._model.run({"audio": np.ascontiguousarray(pieces)})["presence"]

    def _run(self, samples: F32) -> dict[str, F32]:
        return self._model.run({"audio": np.ascontiguousarray(samples)[None]})
