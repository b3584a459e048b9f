"""Takes what is asked for out of a stream, one label at a time, computing every sample once.

The model is causal and carries a state for each label that is asked for, so that cutting the stream
into chunks changes nothing. A label that is asked for anew is taken out of the last window too: its
state is then what it would be had it been asked for all along, and its sound is there from the
start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.bundle.manifest import SeparatorSpec
from engine.packets import F32
from engine.runtimes.model import Model
from engine.sound.history import History
from engine.sound.loudness import LoudnessMeter


@dataclass(slots=True, eq=False)
class _Row:
    """One label's sound as far as it is kept."""

    history: History
    meter: LoudnessMeter
    offset: int
    """Sample of the stream that is the history's first."""


class Extraction:
    """The mixture and the sounds that are asked for in it, aligned sample for sample.

    `end` is one past the newest sample of each: `latency_samples`, and up to a frame, behind what
    was pushed.
    """

    def __init__(
        self, model: Model, spec: SeparatorSpec, labels: int, window: int, sample_rate_hz: int
    ) -> None:
        """labels: that can be asked for. window: samples of the past that can be given at least."""
        self._model, self._spec, self._labels = model, spec, labels
        self._window = -(-window // spec.frame_samples) * spec.frame_samples
        self._rate = sample_rate_hz
        self._keep = self._window + spec.latency_samples + spec.frame_samples
        self._mixture = History(1, self._keep)
        self._window_s = window / sample_rate_hz
        self._mixture_meter, self._rest_meter = (
            LoudnessMeter(sample_rate_hz, self._window_s) for _ in range(2)
        )
        self.reset()

    def reset(self) -> None:
        """Begin again at sample 0, in silence, asked for nothing."""
        self._mixture.reset()
        self._waiting = np.zeros(0, np.float32)
        self._rows: dict[int, _Row] = {}
        self._state = np.zeros((0, self._spec.state_size), np.float32)
        for meter in (self._mixture_meter, self._rest_meter):
            meter.reset()
            # Steps of loudness then end where hops do, not a latency off.
            meter.push(np.zeros((1, self._spec.latency_samples), np.float32))

    @property
    def end(self) -> int:
        """One past the newest sample that is taken apart."""
        return max(0, self._mixture.end - self._spec.latency_samples)

    @property
    def asked(self) -> tuple[int, ...]:
        """The labels that are taken out, oldest first."""
        return tuple(self._rows)

    def ask(self, label: int) -> None:
        """Take a label's sound out from now on, and out of the last window."""
        if label in self._rows:
            return
        end = self._mixture.end
        before = self._mixture.between(end - self._window, end)
        sounds, state = self._run(before, [label], np.zeros((1, self._spec.state_size), np.float32))
        row = _Row(
            History(1, self._keep),
            LoudnessMeter(self._rate, self._window_s),
            end - self._window - self._spec.latency_samples,
        )
        row.history.append(sounds)
        row.meter.push(sounds)
        self._rows[label] = row
        self._state = np.concatenate([self._state, state])

    def drop(self, label: int) -> None:
        """Leave a label's sound in the rest from now on. KeyError if it was not asked for."""
        at = self.asked.index(label) if label in self._rows else -1
        del self._rows[label]
        self._state = np.delete(self._state, at, axis=0)

    def push(self, samples: F32) -> None:
        """Take mixture samples (n,)."""
        waiting = np.concatenate([self._waiting, samples]) if self._waiting.size else samples
        whole = waiting.size - waiting.size % self._spec.frame_samples
        self._waiting = waiting[whole:].copy()
        if not whole:
            return
        first = self.end
        self._mixture.append(waiting[None, :whole])
        if self._rows:
            sounds, self._state = self._run(waiting[None, :whole], self.asked, self._state)
            for row, sound in zip(self._rows.values(), sounds, strict=True):
                row.history.append(sound[None])
                row.meter.push(sound[None])
        self._mixture_meter.push(self._mixture.between(first, self.end))
        self._rest_meter.push(self.rest(first, self.end)[None])

    def _run(self, audio: F32, asked: Sequence[int], state: F32) -> tuple[F32, F32]:
        """(1, n), k labels, (k, S) -> (k, n) sounds, (k, S) next state."""
        questions = np.zeros((len(asked), self._labels), np.float32)
        questions[np.arange(len(asked)), list(asked)] = 1.0
        out = self._model.run({"audio": audio, "asked": questions, "state": state})
        sounds, state = out["sources"], out["next_state"]
        if not np.isfinite(state.sum()):
            # A state that is no number would stay so for ever; a second of silence mends it.
            state = np.zeros_like(state)
            sounds = np.nan_to_num(sounds, nan=0.0, posinf=0.0, neginf=0.0)
        return sounds, state

    def sound(self, label: int, first: int, end: int) -> F32:
        """(end - first,) a label's sound, a view until the next push.

        Raises LookupError for what is not kept, or not asked for.
        """
        row = self._rows[label]
        return row.history.between(first - row.offset, end - row.offset)[0]

    def mixture(self, first: int, end: int) -> F32:
        """(end - first,) the mixture. Raises LookupError for what is not kept."""
        return self._mixture.between(first, end)[0]

    def rest(self, first: int, end: int) -> F32:
        """(end - first,) what nothing that was asked for holds."""
        rest = self.mixture(first, end).copy()
        for label in self._rows:
            rest -= self.sound(label, first, end)
        return rest

    def meter(self, label: int) -> LoudnessMeter:
        """How loud a label's sound is."""
        return self._rows[label].meter

    @property
    def rest_meter(self) -> LoudnessMeter:
        """How loud the rest is."""
        return self._rest_meter

    @property
    def mixture_meter(self) -> LoudnessMeter:
        """How loud the mixture is."""
        return self._mixture_meter
