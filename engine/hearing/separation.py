"""Takes a stream apart into slots, computing every sample once.

The separator is causal and carries its state, so that cutting the stream into chunks does not
change what comes out, and a slot keeps its source from one hop to the next by itself.
"""

from __future__ import annotations

import numpy as np

from engine.bundle.manifest import SeparatorSpec
from engine.packets import F32
from engine.runtimes.model import Model
from engine.sound.history import History


class StreamingSeparator:
    """A mixture goes in, `slots` channels come out, aligned with it sample for sample.

    The model's output is late by `latency_samples`, which is cut off here: sample i out is sample i
    in. So after n samples the newest that is separated is the one before `end`, which is
    latency_samples (and, if n is no multiple of a frame, up to a frame) behind n.
    """

    def __init__(self, model: Model, spec: SeparatorSpec, slots: int, keep: int) -> None:
        """`keep`: samples of the past that `between` can give, at least."""
        self._model = model
        self._spec = spec
        self._history = History(slots, keep)
        self.slots = slots
        self.reset()

    def reset(self) -> None:
        """Begin again at sample 0, in silence."""
        self._state = np.zeros((1, self._spec.state_size), np.float32)
        self._waiting = np.zeros(0, np.float32)
        self._leading = self._spec.latency_samples
        self._history.reset()

    @property
    def end(self) -> int:
        """One past the newest separated sample, in samples of the mixture since the reset."""
        return self._history.end

    def push(self, samples: F32) -> F32:
        """Take mixture samples (n,), give those that are separated now, (slots, m); m may be 0."""
        waiting = np.concatenate([self._waiting, samples]) if self._waiting.size else samples
        whole = waiting.size - waiting.size % self._spec.frame_samples
        self._waiting = waiting[whole:].copy()
        if not whole:
            return np.zeros((self.slots, 0), np.float32)
        out = self._model.run({"audio": waiting[None, :whole], "state": self._state})
        sources, state = out["sources"][0], out["next_state"]
        if not np.isfinite(state.sum()):
            # A state that is no number would stay so for ever; a second of silence mends it.
            state = np.zeros_like(self._state)
            sources = np.nan_to_num(sources, nan=0.0, posinf=0.0, neginf=0.0)
        self._state = state
        if self._leading:
            cut = min(self._leading, sources.shape[1])
            self._leading -= cut
            sources = sources[:, cut:]
        self._history.append(sources)
        return sources

    def between(self, first: int, end: int) -> F32:
        """A view (slots, end - first) of separated samples, valid until the next push.

        Indices below 0 are silence. Raises LookupError for samples that are not kept.
        """
        return self._history.between(first, end)
