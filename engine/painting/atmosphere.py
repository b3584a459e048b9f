"""The light, the season and the style of the pictures at any moment.

Light and season may be left to themselves (`AUTO`). The light then drifts through dawn, day, dusk
and night, at times into fog, storm or (in winter) snow, and leans towards what is heard: a storm
where it thunders, night where an owl calls. The season follows the calendar.

A day in the picture lasts 47 minutes: 24 hours hold 30.618 of them, a whole number and the golden
section. So at the same time of the clock it is another hour in the picture every day, spread as
evenly over the hours as can be, and never the same one twice.

Everything is a function of the seed, the date, the choices, what was heard and the moments; and of
the light outside, where that is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from engine.atmosphere_choice import AUTO, LIGHTS, SEASONS, STYLES, Choice
from engine.packets import F32

__all__ = ["AUTO", "LIGHTS", "SEASONS", "STYLES", "Atmosphere", "Choice"]

DAY_S = 86400 / (30 + (math.sqrt(5) - 1) / 2)
"""Length of a day in the picture."""
CROSSFADE_S = 3.0
"""What is chosen by hand crosses over in this time, if no other is asked for."""

_PURE = {"dawn": (0.04, 0.12), "day": (0.20, 0.44), "dusk": (0.52, 0.60), "night": (0.70, 0.94)}
"""Parts of the day in which a light stands alone; between them it crosses over to the next."""
_WEATHER_S = 660.0
"""The weather is another one this often; most times it is none."""
_WEATHERS = (("fog", 0.14), ("storm", 0.08), ("snow", 0.40))
"""Each with its chance; snow is as strong as the season is winter."""
_YEAR_S = 365.2425 * 86400
_SEASON_ENDS = {"winter": 0.163, "spring": 0.415, "summer": 0.667, "autumn": 0.914}
"""Part of the year at which each gives way: the first of March, June, September and December."""
_SEASON_CROSSFADE = 24 / 365
_LEANS = {
    "thunder": ("storm", 1.0),
    "rain": ("storm", 0.6),
    "fireworks": ("night", 1.0),
    "owl": ("night", 0.9),
    "wolf": ("night", 0.5),
    "rooster": ("dawn", 0.7),
}
"""Sound to the light that it calls for, and how strongly."""
_LEAN_MOST = 0.75
_LEAN_RISE_S, _LEAN_FALL_S = 6.0, 20.0
"""Time constants: a light that a sound calls for comes and goes as weather does."""
_CALENDAR_BEGINS = datetime(2000, 1, 1)
_SUMMER_NOON = datetime(2000, 7, 1, 12)


class Atmosphere:
    """The mixture of lights, seasons and styles at a moment.

    `choose` may be called from any thread, all else from one.
    """

    def __init__(
        self, seed: int = 0, begins: datetime = _SUMMER_NOON, choice: Choice | None = None
    ) -> None:
        """seed: of the light's drift and the weather. begins: local date and time at moment 0."""
        self.choice = choice or Choice()
        self.crossfade_s = CROSSFADE_S
        """Seconds in which what is chosen from now on crosses over; free to change."""
        self.drift_rate = 1.0
        """How many times as fast as usual light that is left to itself drifts; free to change."""
        self.daylight: Callable[[], Mapping[str, float]] | None = None
        """How much of each light there is outside, of sum 1, instead of the picture's own day; None
        without a place. Free to change."""
        self._seed = seed & (2**64 - 1)
        self._begins_s = (begins.replace(tzinfo=None) - _CALENDAR_BEGINS).total_seconds()
        self._phase = float(np.random.default_rng([self._seed, 5]).random())
        self._light = _Crossfade((AUTO, *LIGHTS), self.choice.light)
        self._season = _Crossfade((AUTO, *SEASONS), self.choice.season)
        self._style = _Crossfade(STYLES, self.choice.style)
        self._drifted_s, self._seen_s = 0.0, -math.inf
        """How far the drift is ahead of the clock, and the moment that was asked for last."""
        self._lean = np.zeros(len(LIGHTS))
        self._lean_target = np.zeros(len(LIGHTS))
        self._heard_s = -math.inf
        self._names = ("", "", "")

    @property
    def names(self) -> tuple[str, str, str]:
        """The strongest light, season and style when it was last asked; empty before."""
        return self._names

    def choose(
        self, light: str | None = None, season: str | None = None, style: str | None = None
    ) -> None:
        """Ask for other ones; None leaves as it is. Raises ValueError for what there is not."""
        asked = {"light": light, "season": season, "style": style}
        self.choice = replace(self.choice, **{k: v for k, v in asked.items() if v is not None})

    def hear(self, sounds: Mapping[str, float], now_s: float) -> None:
        """Lean to what is heard from now on: label to how much of it there is, in [0, 1]."""
        self._lean, self._heard_s = self._lean_at(now_s), now_s
        target = np.zeros(len(LIGHTS))
        for label, (light, strength) in _LEANS.items():
            target[LIGHTS.index(light)] += strength * sounds.get(label, 0.0)
        self._lean_target = target * min(1.0, _LEAN_MOST / max(float(target.sum()), 1e-9))

    def at(self, now_s: float) -> F32:
        """(lights + seasons + styles,) at a moment: each group non-negative and of sum 1."""
        choice = self.choice
        for crossing, name in (
            (self._light, choice.light),
            (self._season, choice.season),
            (self._style, choice.style),
        ):
            crossing.aim(name, now_s, self.crossfade_s)
        clock_s = self._begins_s + now_s
        season = self._season.value(now_s)
        seasons = season[0] * calendar_seasons(clock_s) + season[1:]
        light = self._light.value(now_s)
        lean = self._lean_at(now_s)
        if math.isfinite(self._seen_s):
            self._drifted_s += (now_s - self._seen_s) * (self.drift_rate - 1.0)
        self._seen_s = now_s
        auto = (1 - lean.sum()) * self._drift(clock_s + self._drifted_s, float(seasons[3])) + lean
        lights = light[0] * auto + light[1:]
        styles = self._style.value(now_s)
        self._names = (
            LIGHTS[int(lights.argmax())],
            SEASONS[int(seasons.argmax())],
            STYLES[int(styles.argmax())],
        )
        return np.concatenate([lights, seasons, styles]).astype(np.float32)

    def _lean_at(self, now_s: float) -> np.ndarray:
        passed = max(0.0, now_s - self._heard_s)
        slow = np.where(self._lean_target > self._lean, _LEAN_RISE_S, _LEAN_FALL_S)
        return self._lean_target + (self._lean - self._lean_target) * np.exp(-passed / slow)

    def _drift(self, clock_s: float, winter: float) -> np.ndarray:
        """The light that is left to itself."""
        weather, strength = self._weather(clock_s / _WEATHER_S + self._phase)
        if weather == "snow":
            strength *= winter
        lights = (1 - strength) * self._day(clock_s)
        if weather:
            lights[LIGHTS.index(weather)] += strength
        return lights

    def _day(self, clock_s: float) -> np.ndarray:
        if self.daylight is None:
            return day_lights(clock_s / DAY_S + self._phase)
        outside = self.daylight()
        return np.array([outside.get(name, 0.0) for name in LIGHTS])

    def _weather(self, position: float) -> tuple[str, float]:
        """Which weather it is at a position in the row of weathers, and how strong, in [0, 1]."""
        number = math.floor(position)
        # Zigzag, because a seed cannot be negative and a clock can.
        turn = 2 * number if number >= 0 else -2 * number - 1
        draw, most = np.random.default_rng([self._seed, 6, turn]).random(2)
        inside = position - number
        for name, chance in _WEATHERS:
            if draw < chance:
                shape = _smooth(min(1.0, 4 * min(inside, 1 - inside)))
                return name, shape * (0.5 + 0.5 * float(most))
            draw -= chance
        return "", 0.0


class _Crossfade:
    """A mixture of named things that crosses over from one to another."""

    def __init__(self, names: Sequence[str], name: str) -> None:
        self._names = tuple(names)
        self._name = name
        self._from = self._to = self._only(name)
        self._began_s, self._takes_s = -math.inf, CROSSFADE_S

    def aim(self, name: str, now_s: float, takes_s: float) -> None:
        """Cross over to a name from now on, in so many seconds, if it is another."""
        if name != self._name:
            self._from, self._to = self.value(now_s), self._only(name)
            self._name, self._began_s = name, now_s
            self._takes_s = max(takes_s, 1e-3)

    def value(self, now_s: float) -> np.ndarray:
        """(names,) non-negative, of sum 1."""
        part = _smooth(min(1.0, max(0.0, (now_s - self._began_s) / self._takes_s)))
        return self._from + (self._to - self._from) * part

    def _only(self, name: str) -> np.ndarray:
        return np.array([float(n == name) for n in self._names])


def day_lights(position: float) -> np.ndarray:
    """(lights,) of sum 1 at a position in days; whole numbers are the end of the night."""
    position %= 1.0
    lights = np.zeros(len(LIGHTS))
    names = tuple(_PURE)
    for name, after in zip(names, (*names[1:], names[0]), strict=True):
        end, begin = _PURE[name][1], _PURE[after][0]
        length = (begin - end) % 1.0
        into = (position - end) % 1.0
        if into <= length:
            part = _smooth(into / length)
            lights[LIGHTS.index(name)], lights[LIGHTS.index(after)] = 1 - part, part
            return lights
    alone = next(name for name, (begin, end) in _PURE.items() if begin <= position <= end)
    lights[LIGHTS.index(alone)] = 1.0
    return lights


def calendar_seasons(clock_s: float) -> np.ndarray:
    """(seasons,) of sum 1, so many seconds after the year 2000 began; the northern half's."""
    year = clock_s / _YEAR_S % 1.0
    seasons = np.zeros(len(SEASONS))
    names = tuple(_SEASON_ENDS)
    for name, after in zip(names, (*names[1:], names[0]), strict=True):
        away = (year - _SEASON_ENDS[name] + 0.5) % 1.0 - 0.5
        if abs(away) < _SEASON_CROSSFADE / 2:
            part = _smooth(away / _SEASON_CROSSFADE + 0.5)
            seasons[SEASONS.index(name)], seasons[SEASONS.index(after)] = 1 - part, part
            return seasons
    alone = next((name for name, end in _SEASON_ENDS.items() if year < end), names[0])
    seasons[SEASONS.index(alone)] = 1.0
    return seasons


def _smooth(x: float) -> float:
    return x * x * (3 - 2 * x)
