"""Paints a scene: the same scene is the same picture, to the pixel, on one version of Skia."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import Brush
from training.world.landscape.buildings import draw_buildings
from training.world.landscape.drops import draw_drops
from training.world.landscape.fireworks import draw_fireworks
from training.world.landscape.land import draw_far, draw_foreground, draw_meadows
from training.world.landscape.leaves import draw_leaves
from training.world.landscape.shore import draw_bank, shore_line
from training.world.landscape.sky import draw_sky
from training.world.landscape.stream import draw_stream
from training.world.landscape.water import draw_fall, draw_water, draw_waves
from training.world.landscape.weather import (
    draw_lightning,
    draw_rain,
    draw_rain_clouds,
    draw_snowfall,
)  # fmt: skip
from training.world.landscape.wind import draw_bent_tree, draw_flying_leaves, draw_gusts
from training.world.light import palette
from training.world.scene import Scene, compose, draw_concepts
from training.world.style import finish
from training.world.subjects.draw import draw_subject, draw_ways


def paint(scene: Scene, width: int, height: int) -> np.ndarray:
    """Paints a scene.

    Returns:
        u8 (height, width, 3), sRGB.
    """
    surface = skia.Surface(width, height)
    canvas, light, air = surface.getCanvas(), palette(scene), dict(scene.air)
    brush = Brush(canvas, scene, light, width, height)
    draw_sky(brush)
    if "fireworks" in air:
        draw_fireworks(brush, air["fireworks"])
    if "rain" in air:
        draw_rain_clouds(brush, air["rain"])
    if "thunder" in air:
        draw_lightning(brush, air["thunder"])
    draw_far(brush)
    _draw_place(brush, air)
    if "wind" in air:
        draw_bent_tree(brush)
        draw_gusts(brush, air["wind"])
    draw_ways(canvas, scene, light, width, height)
    for subject in scene.subjects:
        draw_subject(canvas, subject, scene, light, width, height)
    draw_foreground(brush)
    if "water drops" in air:
        draw_drops(brush, air["water drops"])
    if "leaves" in air:
        draw_leaves(brush, air["leaves"])
    if "wind" in air:
        draw_flying_leaves(brush, air["wind"])
    if "rain" in air:
        draw_rain(brush, air["rain"])
    draw_snowfall(brush)
    return finish(surface.makeImageSnapshot().toarray(), scene.style, scene.seed)


def _draw_place(brush: Brush, air: dict[str, float]) -> None:
    """The middle and the near land, or the water, of the scene's place."""
    scene, height = brush.scene, brush.height
    if scene.water and scene.place != "river":
        top = (scene.horizon + (0.0 if scene.place == "sea" else 0.02)) * height
        if scene.place == "falls":
            draw_fall(brush, air.get("waterfall", 0.5))
            top += 0.08 * height
        draw_buildings(brush)
        draw_water(brush, top)
        if "waves" in air:
            draw_waves(brush, top, air["waves"])
        draw_bank(brush, shore_line(brush))
        return
    draw_meadows(brush)
    draw_buildings(brush)
    if "stream" in air:
        draw_stream(brush, air["stream"])


def paint_seed(
    seed: int, width: int, height: int, kind: str = "scene"
) -> tuple[Scene, np.ndarray]:
    """The picture of one seed: concepts, composition and paint all follow from it."""
    labels, weights = draw_concepts(np.random.default_rng([seed, 0]), kind)
    scene = compose(labels, weights, seed, kind)
    return scene, paint(scene, width, height)
