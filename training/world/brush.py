"""How shapes are laid down in each style: gradients with soft edges, or paper on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import skia

from training.world.light import Light, Rgb, mix
from training.world.scene import Scene

WHITE: Rgb = (255, 255, 255)


def colour(rgb: Rgb, alpha: float = 255) -> int:
    """An sRGB triple as the painter's colour; alpha 0 to 255."""
    return skia.ColorSetARGB(int(alpha), *rgb)


def flat(rgb: Rgb, alpha: float = 255, blur: float = 0.0) -> skia.Paint:
    """Paint of one colour; `blur` in pixels softens its edge."""
    paint = skia.Paint(Color=colour(rgb, alpha), AntiAlias=True)
    if blur > 0:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def stroke(rgb: Rgb, alpha: float, px: float) -> skia.Paint:
    """A line of one colour with round ends."""
    return skia.Paint(
        Color=colour(rgb, alpha),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
        StrokeWidth=px,
    )


def upright(top: float, bottom: float, colours: Sequence[int]) -> skia.Paint:
    """A gradient from top to bottom."""
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(0, top), skia.Point(0, bottom)], list(colours)
    )
    return skia.Paint(Shader=shader, AntiAlias=True, Dither=True)


def radial(x: float, y: float, radius: float, colours: Sequence[int]) -> skia.Paint:
    """A gradient from a centre outwards."""
    shader = skia.GradientShader.MakeRadial(skia.Point(x, y), radius, list(colours))
    return skia.Paint(Shader=shader, AntiAlias=True, Dither=True)


def outline(x: np.ndarray, y: np.ndarray, closed: bool = True) -> skia.Path:
    """A path through points given in pixels."""
    points = [skia.Point(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    return skia.Path.Polygon(points, closed)


@dataclass(frozen=True, slots=True)
class Brush:
    """A canvas with what decides how a shape is laid down on it."""

    canvas: skia.Canvas
    scene: Scene
    light: Light
    width: int
    height: int

    @property
    def paper(self) -> bool:
        """Whether shapes are cut out of paper."""
        return self.scene.style == "papercut"

    @property
    def scale(self) -> float:
        """How much closer than a scene the picture is seen."""
        return 1.0 if self.scene.kind == "scene" else 1.4

    @property
    def wind(self) -> float:
        """How hard the wind blows, in [-1, 1]: above 0 to the right, 0 where there is none."""
        return dict(self.scene.air).get("wind", 0.0) * (1 if self.scene.seed % 2 else -1)

    def lit(self, rgb: Rgb) -> Rgb:
        """A thing of this colour in the picture's light, still to be known by its colour."""
        r, g, b = (round(c * (0.35 + 0.65 * a)) for c, a in zip(rgb, self.light.ambient,
                                                                 strict=True))  # fmt: skip
        return min(255, r), min(255, g), min(255, b)

    def rng(self, part: int) -> np.random.Generator:
        """Chance for one part of the picture, apart from all other parts."""
        return np.random.default_rng([self.scene.seed, part])

    def shape(
        self, path: skia.Path, top: Rgb, bottom: Rgb | None = None, lift: float = 1.0
    ) -> None:
        """Fills a path: a gradient over its height, or one tone of paper that casts a shadow."""
        if self.paper:
            self.shadow(path, lift)
            tone = mix(top, bottom, 0.35) if bottom else top
            self.canvas.drawPath(path, flat(tone))
            edge = stroke(mix(tone, self.light.tint(WHITE), 0.45), 150, 0.0035 * self.height)
            self.canvas.drawPath(path, edge)
        elif bottom is None:
            self.canvas.drawPath(path, flat(top))
        else:
            box = path.getBounds()
            low = min(box.bottom(), float(self.height))
            self.canvas.drawPath(path, upright(box.top(), low, [colour(top), colour(bottom)]))

    def shadow(self, path: skia.Path, lift: float = 1.0) -> None:
        """The soft shadow that a sheet of paper casts on the sheets below."""
        away = 0.006 if self.scene.body_x < 0.5 else -0.006
        self.canvas.save()
        self.canvas.translate(away * lift * self.height, 0.004 * lift * self.height)
        dark = mix((30, 26, 50), (6, 8, 24), self.light.dark)
        self.canvas.drawPath(path, flat(dark, 92, 0.009 * lift * self.height))
        self.canvas.restore()

    def mist(self, y: float, reach: float, alpha: float) -> None:
        """A band of fog about a height, in pixels."""
        if alpha < 3:
            return
        haze = self.light.haze
        clear = colour(haze, 0)
        band = upright(y - reach, y + reach, [clear, colour(haze, alpha), clear])
        self.canvas.drawRect(skia.Rect.MakeLTRB(0, y - reach, self.width, y + reach), band)


def free_x(scene: Scene, rng: np.random.Generator, low: float = 0.1, high: float = 0.9) -> float:
    """A place over the width of the picture that no subject stands in, as far as there is one."""
    xs = np.linspace(low, high, 33)
    room = 0.08 * rng.random(33)
    if scene.subjects:
        apart = [abs(xs - s.x) - 0.35 * s.height for s in scene.subjects]
        room = room + np.min(apart, axis=0)
    return float(xs[int(np.argmax(room))])


def spot_x(scene: Scene, rng: np.random.Generator, low: float, high: float) -> float:
    """Where a sound of the air is drawn: in a panel's middle, or apart from a scene's subjects."""
    if scene.kind == "panel":
        return float(0.5 + rng.uniform(-0.06, 0.06))
    return free_x(scene, rng, low, high)
