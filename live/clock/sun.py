"""Where the sun stands over a place, and the light that it gives there: computed, no network.

The algorithm is the Astronomical Almanac's of low precision: J. J. Michalsky, "The Astronomical
Almanac's algorithm for approximate solar position (1950-2050)", Solar Energy 40(3), 227-235, 1988.
It is right to 0.01 degrees in these years.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from live.errors import UserError

NIGHT_DEG, DAY_DEG = -7.0, 6.0
"""Elevations of the sun under which it is night and over which it is day. At 6 degrees below the
horizon civil twilight ends; the warm light of a low sun lasts until it stands as high."""
BLEND_DEG = 4.0
"""Over so many degrees beyond these, one light crosses over to the other."""
NOON_H = 0.5
"""Where the sun stays low all day, dawn gives way to dusk in the hours around noon, so many to
either side."""
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A place on Earth."""

    latitude: float
    """Degrees, in [-90, 90]; north is positive."""
    longitude: float
    """Degrees, in [-180, 180]; east is positive."""


def read_place(text: str) -> Place:
    """Return the place that a text such as "52.5,13.4" names: latitude, then longitude.

    Raises:
        UserError: it is no such pair, or lies nowhere on Earth.
    """
    try:
        latitude, longitude = (float(each) for each in text.split(","))
    except ValueError:
        raise UserError(
            f"place is {text!r}, but must be latitude and longitude in degrees, such as 52.5,13.4."
        ) from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise UserError(
            f"place is {text!r}, but a latitude is from -90 to 90 and a longitude from -180 to 180 "
            "degrees, in this order."
        )
    return Place(latitude, longitude)


def sun_over(place: Place, moment: datetime) -> tuple[float, float]:
    """Return the sun's elevation in degrees and its hour angle in hours, in [-12, 12).

    moment: knows its time zone. The elevation is without refraction, which lifts a sun at the
    horizon by half a degree; the hour angle is negative before noon.
    """
    days = (moment - _J2000).total_seconds() / 86400
    anomaly = math.radians(357.528 + 0.9856003 * days)
    longitude = math.radians(
        280.460 + 0.9856474 * days + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly)
    )
    obliquity = math.radians(23.439 - 4e-7 * days)
    declination = math.asin(math.sin(obliquity) * math.sin(longitude))
    ascension = math.atan2(math.cos(obliquity) * math.sin(longitude), math.cos(longitude))
    greenwich_h = 18.697375 + 24.0657098242 * days  # sidereal; days count from noon
    local_h = greenwich_h + place.longitude / 15
    hour_angle_h = (local_h - math.degrees(ascension) / 15 + 12) % 24 - 12
    latitude = math.radians(place.latitude)
    sine = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(
        declination
    ) * math.cos(math.radians(15 * hour_angle_h))
    return math.degrees(math.asin(min(max(sine, -1.0), 1.0))), hour_angle_h


def sunlight(place: Place, moment: datetime) -> dict[str, float]:
    """Return how much of night, dawn, day and dusk there is at a place; their sum is 1."""
    elevation, hour_angle_h = sun_over(place, moment)
    night = _fall(elevation, NIGHT_DEG)
    day = 1.0 - _fall(elevation, DAY_DEG)
    low = 1.0 - night - day
    dusk = _smooth((hour_angle_h + NOON_H) / (2 * NOON_H))
    return {"night": night, "dawn": low * (1.0 - dusk), "day": day, "dusk": low * dusk}


def _fall(elevation: float, at: float) -> float:
    """From 1 below an elevation to 0 above it."""
    return 1.0 - _smooth((elevation - at) / BLEND_DEG + 0.5)


def _smooth(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return part * part * (3.0 - 2.0 * part)
