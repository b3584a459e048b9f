"""From conditions to pictures: the scene first, then the panels."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from engine.packets import U8, Conditions, PictureConditions, Pictures
from engine.painting.stillness import FlickerFilter
from engine.runtimes.model import Model
from engine.trace import note
from engine.weather.draw import draw_weather

SCENE = "scene"
"""What the scene is remembered by; panels are by their tracks' numbers."""


class Painter:
    """Paints with the generator that has the asked-for number of steps. For one thread.

    It remembers what it painted last, and keeps still what has not changed: see
    `engine.painting.stillness`.
    """

    def __init__(self, generators: Mapping[int, Model]) -> None:
        """generators: sampler steps to model, as BundleModels.generators."""
        self._generators = generators
        self._flicker_filter = FlickerFilter()

    @property
    def steps(self) -> tuple[int, ...]:
        """Numbers of sampler steps there is a generator for, ascending."""
        return tuple(sorted(self._generators))

    def paint(
        self,
        conditions: Conditions,
        timings_ms: Mapping[str, float] | None = None,
        on_scene: Callable[[Pictures], None] | None = None,
    ) -> Pictures:
        """The pictures of these conditions, the scene and one per track in `track_ids`.

        timings_ms: what went before, to be handed on: the hearing's timings, and `condition` where
        the caller measured it. The pictures' timings add `generate_scene` and `generate_panels`,
        the model alone, `generate`, both, and `paint`, the sum of condition, generate and the
        little around it. on_scene gets the scene without panels as soon as it is there, if panels
        are to follow. Raises KeyError for steps that there is no generator for, ModelError when
        the generator fails.
        """
        began = time.perf_counter()
        generator = self._generators[conditions.steps]
        before = dict(timings_ms or {})

        def timings(scene_s: float, panels_s: float) -> dict[str, float]:
            return before | {
                "generate_scene": scene_s * 1e3,
                "generate_panels": panels_s * 1e3,
                "generate": (scene_s + panels_s) * 1e3,
                "paint": before.get("condition", 0.0) + (time.perf_counter() - began) * 1e3,
            }

        asked = time.perf_counter()
        painted = _generate(generator, conditions.scene)[0]
        scene_s = time.perf_counter() - asked
        note("generate scene", asked, asked + scene_s, steps=conditions.steps)
        still = self._flicker_filter.apply(SCENE, painted)
        scene = draw_weather(still, conditions.scene_weather, conditions.moment_s)

        def shown(panels: dict[int, U8], taken_ms: dict[str, float]) -> Pictures:
            return Pictures(conditions.stamp, scene, panels, taken_ms, conditions.breaths)

        if conditions.panels is None:
            return shown({}, timings(scene_s, 0.0))
        if on_scene is not None:
            on_scene(shown({}, timings(scene_s, 0.0)))
        asked = time.perf_counter()
        rows = _generate(generator, conditions.panels)
        panels_s = time.perf_counter() - asked
        note("generate panels", asked, asked + panels_s, panels=len(rows), steps=conditions.steps)
        panels = {
            track_id: draw_weather(
                self._flicker_filter.apply(track_id, row), weather, conditions.moment_s
            )
            for track_id, row, weather in zip(
                conditions.track_ids, rows, conditions.panels_weather, strict=True
            )
        }
        return shown(panels, timings(scene_s, panels_s))


def _generate(generator: Model, asked: PictureConditions) -> U8:
    """(pictures, h, w, 3). A generator is inputs what it asks for, and nothing else."""
    inputs = {
        "tokens": asked.tokens,
        "weights": asked.weights,
        "places": asked.places,
        "looks": asked.looks,
        "atmosphere": asked.atmosphere,
        "noise": asked.noise,
    }
    return generator.run({name: inputs[name] for name in generator.input_names})["picture"]
