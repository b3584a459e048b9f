"""What a person may ask of the light, the season and the style; needs no library to be read."""

from __future__ import annotations

from dataclasses import dataclass

LIGHTS = ("dawn", "day", "dusk", "night", "storm", "fog", "snow")
SEASONS = ("spring", "summer", "autumn", "winter")
STYLES = ("picturebook", "papercut", "watercolour")
AUTO = "auto"
"""Left to itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person asks for. Raises ValueError for what there is not."""

    light: str = AUTO
    """AUTO or one of LIGHTS."""
    season: str = AUTO
    """AUTO or one of SEASONS."""
    style: str = STYLES[0]
    """One of STYLES."""

    def __post_init__(self) -> None:
        for what, name, known in (
            ("light", self.light, (AUTO, *LIGHTS)),
            ("season", self.season, (AUTO, *SEASONS)),
            ("style", self.style, STYLES),
        ):
            if name not in known:
                raise ValueError(f'there is no {what} "{name}"; choose {", ".join(known)}')
