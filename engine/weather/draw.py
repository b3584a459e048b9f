"""What is drawn over what the generator painted: rain, snow, light of sounds without a name."""

from __future__ import annotations

from engine.packets import U8, Weather
from engine.weather.rain import draw_rain
from engine.weather.shimmer import draw_shimmer
from engine.weather.snow import draw_snow


def draw_weather(picture: U8, weather: Weather, moment_s: float) -> U8:
    """A picture (h, w, 3) in its weather; the same for the same moment, itself in fair weather."""
    lit = draw_shimmer(picture, weather.shimmer, weather.brightness, moment_s)
    snowed = draw_snow(lit, weather.snow, moment_s)
    return draw_rain(snowed, weather.rain, moment_s)
