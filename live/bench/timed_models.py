"""A bundle's models that keep count of the time spent inside them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.bundle.load import BundleModels
from engine.runtimes.model import Model


class CallClock:
    """Milliseconds spent in model calls since the last `take`."""

    def __init__(self) -> None:
        self._spent_ms = 0.0

    def add(self, spent_ms: float) -> None:
        """Count a call."""
        self._spent_ms += spent_ms

    def take(self) -> float:
        """Return the sum and begin anew."""
        spent_ms, self._spent_ms = self._spent_ms, 0.0
        return spent_ms


class _TimedModel:
    def __init__(self, model: Model, clock: CallClock) -> None:
        self._model, self._clock = model, clock

    def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        began = time.perf_counter()
        try:
            return self._model.run(inputs)
        finally:
            self._clock.add(1000 * (time.perf_counter() - began))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def with_call_clock(models: BundleModels) -> tuple[BundleModels, CallClock]:
    """Return the same models, and the clock that counts the time inside their `run`."""
    clock = CallClock()

    def wrapped(model: Model) -> Any:
        return _TimedModel(model, clock)

    return (
        replace(
            models,
            separator=wrapped(models.separator),
            encoder=wrapped(models.encoder),
            generators={steps: wrapped(model) for steps, model in models.generators.items()},
        ),
        clock,
    )
