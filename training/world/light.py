"""The light a scene stands in: one palette per picture, so that everything in it holds together.

Surfaces have a colour of their own (the season's), which the light shades and the air between
viewer and surface veils. Two lights mix by mixing their colours; every seed turns the hue a little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.painting.atmosphere import LIGHTS
from training.world.scene import Scene
from training.world.seasons import SEASON_COLOURS

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Light:
    """One picture's palette, as colours (sRGB, 0 to 255) that are already lit."""

    name: str
    """The light that has the largest share."""
    sky: tuple[Rgb, Rgb, Rgb]
    """Zenith, middle, horizon."""
    haze: Rgb
    """What distance fades to."""
    ground: tuple[Rgb, Rgb]
    """Farthest and nearest meadow."""
    field: Rgb
    """A second colour of the land: young corn, stubble, moss."""
    sea: tuple[Rgb, Rgb]
    """Water at the horizon and at the viewer's feet."""
    leaves: tuple[Rgb, Rgb, Rgb]
    """Crowns of broad-leaved trees."""
    tree: Rgb
    """Firs."""
    trunk: Rgb
    flowers: tuple[Rgb, Rgb, Rgb]
    body: Rgb
    """Sun or moon."""
    body_size: float
    """Radius of sun or moon over picture height; near 0 when hidden."""
    ambient: tuple[float, float, float]
    """Multiplies the colours of subjects: milder than `shade`, so that they can be recognised."""
    shade: tuple[float, float, float]
    """Multiplies the colours of the land."""
    cloud: Rgb
    cloud_shade: Rgb
    stars: float
    """Share of the stars that can be seen, in [0, 1]; so are the next four."""
    dark: float
    """How much lamps and lit windows show."""
    fog: float
    snow: float
    storm: float

    def far(self, rgb: Rgb, distance: float) -> Rgb:
        """Fades a lit colour into the air; distance 0 (near) to 1 (nothing left of it)."""
        left = (1 - distance) * (1 - self.fog * min(1.0, 0.25 + 0.75 * distance))
        return mix(self.haze, rgb, left)

    def tint(self, rgb: Rgb) -> Rgb:
        """A surface of this colour in this light."""
        r, g, b = (min(255, round(c * s)) for c, s in zip(rgb, self.shade, strict=True))
        return r, g, b


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """Walks from colour a to colour b."""
    r, g, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return r, g, blue


# zenith, middle, horizon, haze, cloud, cloud's shade, body, shade in percent, ambient in percent
_COLOURS = {
    "dawn": (
        (122, 152, 216), (243, 190, 192), (255, 230, 186), (248, 214, 200), (255, 232, 222),
        (228, 178, 192), (255, 250, 224), (97, 84, 84), (102, 93, 90),
    ),
    "day": (
        (66, 148, 222), (134, 200, 240), (224, 243, 244), (200, 228, 238), (255, 255, 255),
        (206, 226, 240), (255, 250, 214), (100, 100, 97), (100, 100, 100),
    ),
    "dusk": (
        (66, 52, 122), (226, 100, 104), (255, 194, 112), (232, 138, 116), (255, 170, 136),
        (150, 78, 116), (255, 238, 184), (70, 52, 58), (97, 80, 76),
    ),
    "night": (
        (10, 16, 54), (28, 44, 106), (82, 104, 168), (62, 84, 146), (84, 102, 160),
        (40, 54, 108), (253, 249, 226), (24, 33, 52), (60, 68, 92),
    ),
    "storm": (
        (54, 64, 90), (98, 114, 138), (186, 196, 192), (146, 160, 168), (116, 128, 148),
        (62, 72, 96), (232, 236, 232), (60, 68, 70), (80, 86, 90),
    ),
    "fog": (
        (188, 202, 210), (214, 222, 224), (236, 238, 232), (224, 230, 228), (240, 243, 242),
        (208, 216, 220), (255, 254, 244), (80, 86, 87), (92, 95, 96),
    ),
    "snow": (
        (142, 172, 204), (192, 210, 226), (234, 238, 242), (220, 229, 238), (246, 248, 251),
        (204, 216, 228), (255, 253, 240), (92, 96, 101), (94, 97, 102),
    ),
}  # fmt: skip

# body size, stars, dark, fog, snow, storm
_AMOUNTS = {
    "dawn": (0.070, 0.05, 0.10, 0.10, 0.0, 0.0),
    "day": (0.068, 0.0, 0.0, 0.0, 0.0, 0.0),
    "dusk": (0.085, 0.15, 0.55, 0.0, 0.0, 0.0),
    "night": (0.062, 1.0, 1.0, 0.0, 0.0, 0.0),
    "storm": (0.0, 0.0, 0.35, 0.05, 0.0, 1.0),
    "fog": (0.055, 0.0, 0.10, 1.0, 0.0, 0.0),
    "snow": (0.045, 0.0, 0.05, 0.15, 1.0, 0.0),
}
_SNOW = np.array([246.0, 249.0, 253.0])
_DEEP = np.array([34.0, 104.0, 132.0])
_RAIN_GREY = np.array([126.0, 138.0, 150.0])


def _turned(colours: np.ndarray, degrees: float, saturation: float) -> np.ndarray:
    """(..., 3) turned about the grey axis and drawn towards or away from it."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    even, odd = (1 - c) / 3, s / np.sqrt(3)
    turn = even + np.array([[c, -odd, odd], [odd, c, -odd], [-odd, odd, c]])
    grey = colours.mean(-1, keepdims=True)
    return grey + ((colours - grey) @ turn.T) * saturation


def _rgb(colour: np.ndarray) -> Rgb:
    r, g, b = np.clip(np.rint(colour), 0, 255).astype(int).tolist()
    return r, g, b


def palette(scene: Scene) -> Light:
    """The palette of a scene: its lights mixed, its season's colours lit by them."""
    rng = np.random.default_rng([scene.seed, 30])
    air = dict(scene.air)
    own = np.array(scene.lights)
    evening = np.eye(len(LIGHTS))[LIGHTS.index("night")]
    night = 0.70 + 0.26 * air["fireworks"] if "fireworks" in air else 0.0
    share = own + (evening - own) * night  # bursts need a dark sky to shine in
    colours = np.tensordot(share, np.array([_COLOURS[name] for name in LIGHTS], float), 1)
    size, stars, dark, *_ = share @ np.array([_AMOUNTS[name] for name in LIGHTS])
    fog, snow, storm = own @ np.array([_AMOUNTS[name][3:] for name in LIGHTS])
    turn, rich = float(rng.normal() * 6), float(rng.uniform(0.92, 1.12))
    colours[:7] = _turned(colours[:7], turn, rich)
    grey = 0.42 * air.get("rain", 0.0) * (1 - 0.7 * dark)
    colours[:6] += (colours[:6].mean(1, keepdims=True) / 150 * _RAIN_GREY - colours[:6]) * grey
    zenith, middle, horizon, haze, cloud, cloud_shade, body, shade, ambient = colours
    shade, ambient = shade / 100, ambient / 100
    season = {
        name: _turned(np.array(value, float), turn * 0.6, rich)
        for name, value in SEASON_COLOURS[scene.season].items()
    }
    for name, cover in (("grass", 0.93), ("field", 0.85), ("leaves", 0.5), ("fir", 0.5)):
        season[name] = season[name] + (_SNOW - season[name]) * cover * snow
    lit = {name: value * shade for name, value in season.items()}
    near = lit["grass"]
    far = near + (haze - near) * 0.62
    deep = _turned(_DEEP, turn, rich) * (0.3 + 0.7 * shade.mean())
    sea = (0.75 * horizon + 0.25 * middle, 0.3 * zenith + 0.2 * middle + 0.5 * deep)
    return Light(
        name=scene.light,
        sky=(_rgb(zenith), _rgb(middle), _rgb(horizon)),
        haze=_rgb(haze),
        ground=(_rgb(far), _rgb(near)),
        field=_rgb(lit["field"]),
        sea=(_rgb(sea[0]), _rgb(sea[1])),
        leaves=(_rgb(lit["leaves"][0]), _rgb(lit["leaves"][1]), _rgb(lit["leaves"][2])),
        tree=_rgb(lit["fir"]),
        trunk=_rgb(lit["trunk"]),
        flowers=tuple(_rgb(flower) for flower in lit["flowers"]),  # type: ignore[arg-type]
        body=_rgb(body),
        body_size=0.0 if "fireworks" in air else float(size),  # no moon looks like a burst
        ambient=tuple(float(a) for a in ambient),  # type: ignore[arg-type]
        shade=tuple(float(s) for s in shade),  # type: ignore[arg-type]
        cloud=_rgb(cloud),
        cloud_shade=_rgb(cloud_shade),
        stars=float(stars),
        dark=float(dark),
        fog=float(fog),
        snow=float(snow),
        storm=float(storm),
    )
