"""From conditions to pictures: scene and panels in one batch."""

from __future__ import annotations

import time
from collections.abc import Mapping

from engine.packets import Conditions, Pictures
from engine.runtimes.model import Model


class Painter:
    """Paints with the generator that has the asked-for number of steps. For one thread."""

    def __init__(self, generators: Mapping[int, Model]) -> None:
        """generators: sampler steps to model, as BundleModels.generators."""
        self._generators = generators

    @property
    def steps(self) -> tuple[int, ...]:
        """Numbers of sampler steps there is a generator for, ascending."""
        return tuple(sorted(self._generators))

    def paint(
        self, conditions: Conditions, timings_ms: Mapping[str, float] | None = None
    ) -> Pictures:
        """The pictures of these conditions, the scene and one per track in `track_ids`.

        timings_ms: what went before, to be handed on: the hearing's timings, and `condition` where
        the caller measured it. The pictures' timings add `generate`, the model alone, and `paint`,
        the sum of condition, generate and the little around it. Raises KeyError for steps that
        there is no generator for, ModelError when the generator fails.
        """
        began = time.perf_counter()
        generator = self._generators[conditions.steps]
        inputs = {
            "tokens": conditions.tokens,
            "weights": conditions.weights,
            "noise": conditions.noise,
        }
        asked = time.perf_counter()
        rows = generator.run(inputs)["picture"]
        got = time.perf_counter()
        before = dict(timings_ms or {})
        panels = {track_id: rows[i] for i, track_id in enumerate(conditions.track_ids, start=1)}
        timings = before | {
            "generate": (got - asked) * 1e3,
            "paint": before.get("condition", 0.0) + (time.perf_counter() - began) * 1e3,
        }
        return Pictures(conditions.stamp, rows[0], panels, timings)
