"""Going round the lights, seasons and styles, and saying which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.atmosphere_choice import AUTO
from live.settings.model import SPECS

if TYPE_CHECKING:
    from live.view.picture import Status

CHOICES = {what: SPECS[what].choices for what in ("light", "season", "style")}
"""What a key goes round, in its order."""
MOTIONS = (0.0, 0.3, 0.6, 1.0)
"""What the key for motion goes round."""
_LEFT_TO_ITSELF = {"light": "drifting through the day", "season": "by the calendar"}


def next_choice(what: str, status: Status, step: int) -> str:
    """Return the light, season or style that is `step` after the one that was asked for."""
    names = CHOICES[what]
    return names[(names.index(getattr(status.asked, what)) + step) % len(names)]


def next_motion(motion: float, step: int) -> float:
    """Return the amount of motion that is `step` (1 or -1) after one, going round."""
    nearest = min(range(len(MOTIONS)), key=lambda number: abs(MOTIONS[number] - motion))
    return MOTIONS[(nearest + step) % len(MOTIONS)]


def describe_choice(what: str, name: str) -> str:
    """Return the line that names a choice just made."""
    return f"{what}: {name}, {_LEFT_TO_ITSELF[what]}" if name == AUTO else f"{what}: {name}"


def describe_changes(given: Mapping[str, Any]) -> str:
    """Return the line that names settings just changed, given by attribute."""
    names = {spec.attribute: spec.name for spec in SPECS.values()}
    values = {a: f"{v:g}" if isinstance(v, float) else f"{v}" for a, v in given.items()}
    return ", ".join(f"{names[attribute]}: {value}" for attribute, value in values.items())


def choice_rows(status: Status) -> list[tuple[str, str]]:
    """Return a line for each: what was asked for and, where it is left to itself, what it is."""
    rows = []
    for what, seen in zip(CHOICES, status.seen, strict=True):
        asked = getattr(status.asked, what)
        rows.append((what, f"{asked}, now {seen}" if asked == AUTO and seen else asked))
    return rows
