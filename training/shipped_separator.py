"""A bundle's separator where training expects its own, for what goes on from a bundle."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from engine.bundle import Bundle
from engine.runtimes.choose import load_model


class ShippedSeparator:
    """Takes sound apart as a show with this bundle would."""

    def __init__(self, bundle: Bundle) -> None:
        self._model = load_model(bundle.folder / "separator.onnx", "onnxruntime", None, True)
        self._late = bundle.manifest.separator.latency_samples
        self._hop = bundle.manifest.separator.frame_samples
        self._state = bundle.manifest.separator.state_size

    def separate(self, audio: Tensor) -> Tensor:
        """(b, n) -> (b, k, n) aligned with the input."""
        n = audio.shape[1]
        after = self._late + (-n) % self._hop
        found = []
        for row in audio.numpy():
            padded = np.pad(row, (0, after))[None].astype(np.float32)
            state = np.zeros((1, self._state), np.float32)
            sources = self._model.run({"audio": padded, "state": state})["sources"]
            found.append(sources[0, :, self._late : self._late + n])
        return torch.from_numpy(np.stack(found))
