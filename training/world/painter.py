"""Paints a scene: the same scene is the same picture, to the pixel, on one version of Skia."""

from __future__ import annotations

import numpy as np
import skia

from training.world.land import colour, draw_hills, draw_sea, draw_sky, draw_stream
from training.world.light import LIGHTS
from training.world.scene import Scene, compose, draw_concepts
from training.world.subjects import draw_subject
from training.world.weather import draw_fireworks, draw_lightning, draw_rain, draw_wind


def paint(scene: Scene, width: int = 256, height: int = 144) -> np.ndarray:
    """Paints a scene.

    Returns:
        u8 (height, width, 3), sRGB.
    """
    surface = skia.Surface(width, height)
    canvas, light, air = surface.getCanvas(), LIGHTS[scene.light], dict(scene.air)
    draw_sky(canvas, scene, light, width, height)
    if "fireworks" in air:
        draw_fireworks(canvas, scene, width, height, air["fireworks"])
    if "thunder" in air:
        draw_lightning(canvas, scene, width, height, air["thunder"])
    draw_hills(canvas, scene, light, width, height, 0.55 * air.get("wind", 0.0))
    if scene.water:
        draw_sea(canvas, scene, light, width, height, air["waves"])
    if "stream" in air:
        draw_stream(canvas, scene, light, width, height, air["stream"])
    for subject in scene.subjects:
        draw_subject(canvas, subject, scene, light, width, height)
    if "wind" in air:
        draw_wind(canvas, scene, width, height, air["wind"])
    if "rain" in air:
        draw_rain(canvas, scene, width, height, air["rain"])
    if scene.light == "fog":
        _mist(canvas, scene, width, height)
    return np.ascontiguousarray(surface.makeImageSnapshot().toarray()[:, :, 2::-1])


def _mist(canvas: skia.Canvas, scene: Scene, width: int, height: int) -> None:
    top = (scene.horizon - 0.08) * height
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(0, top), skia.Point(0, top + 0.4 * height)],
        [colour((236, 238, 236), alpha) for alpha in (0, 130, 0)],
    )
    canvas.drawRect(skia.Rect.MakeLTRB(0, top, width, height), skia.Paint(Shader=shader))


def paint_seed(seed: int, width: int = 256, height: int = 144) -> tuple[Scene, np.ndarray]:
    """The picture of one seed: concepts, composition and paint all follow from it."""
    labels, weights = draw_concepts(np.random.default_rng([seed, 0]))
    scene = compose(labels, weights, seed)
    return scene, paint(scene, width, height)
