"""The cue list: which preset comes next, and at what time of day.

A cue list is TOML with a table `[[cue]]` for each, in their order:

    [[cue]]
    preset = "evening"
    at = 18:30:00
    cross = 60

`at` (local time) and `cross` (seconds) may be left out: without a time a cue waits for next-cue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from live.control.presets import preset_names
from live.errors import UserError
from live.repeated import Repeated
from live.settings.text import read_toml
from live.suggest import did_you_mean

LOOK_S = 1.0
"""How often the clock is looked at: it may have been set meanwhile."""
LONGEST_CROSS_S = 600.0
_KEYS = ("preset", "at", "cross")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue."""

    preset: str
    at: time | None = None
    """Local time of day at which it begins by itself."""
    cross_s: float | None = None
    """None for as long as the control `cross` says."""


def read_cues(path: Path) -> tuple[Cue, ...]:
    """Return the cues of a list, in its order.

    Raises:
        UserError: the file cannot be read, or a cue of it is not right; the line names the file and
            which cue it is.
    """
    given = read_toml(path, "cue list", "write one: docs/stage.md has an example")
    cues = given.pop("cue", None)
    if given:
        raise UserError(f"cue list {path}: there is no {next(iter(given))}; it holds only [[cue]].")
    if not isinstance(cues, list) or not cues or not all(isinstance(c, dict) for c in cues):
        raise UserError(f"cue list {path} has no [[cue]] in it.")
    return tuple(_cue(each, f"cue list {path}: cue {n}") for n, each in enumerate(cues, 1))


def _cue(given: dict[str, Any], where: str) -> Cue:
    for key in given:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f" Known are {', '.join(_KEYS)}."
            raise UserError(f"{where}: there is no {key!r}.{hint}")
    preset, at, cross = (given.get(key) for key in _KEYS)
    known = preset_names()
    if preset not in known:
        hint = did_you_mean(preset, known) if isinstance(preset, str) else ""
        raise UserError(f"{where}: preset is {preset!r}, but there is no such preset.{hint}")
    if at is not None and not isinstance(at, time):
        raise UserError(f"{where}: at is {at!r}, but must be a time of day such as 18:30:00.")
    if cross is not None and not (
        isinstance(cross, int | float)
        and not isinstance(cross, bool)
        and 0 <= cross <= LONGEST_CROSS_S
    ):
        raise UserError(
            f"{where}: cross is {cross!r}, but must be from 0 to {LONGEST_CROSS_S:g} s."
        )
    return Cue(preset, at, None if cross is None else float(cross))


def due(cues: Sequence[Cue], since: datetime, now: datetime) -> int | None:
    """Return the index of the newest cue whose time came after `since`, up to `now`; else None.

    Both are local times. Where the clock was set back, nothing comes again but what comes anyway.
    """
    newest: tuple[datetime, int] | None = None
    for index, cue in enumerate(cues):
        if cue.at is None:
            continue
        came = datetime.combine(now.date(), cue.at)
        if came > now:
            came -= timedelta(days=1)
        if since < came and (newest is None or (came, index) > newest):
            newest = (came, index)
    return newest[1] if newest else None


class CueClock:
    """Begins cues when their time comes: at once the one that is in force, then each of the day."""

    def __init__(
        self,
        cues: Sequence[Cue],
        begin: Callable[[int, bool], None],
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        """begin: gets the index of a cue and whether it was in force before, on the clock's thread.

        now: the local time.
        """
        self._cues, self._begin, self._now = cues, begin, now
        self._seen: datetime | None = None
        """When the clock was looked at last."""
        self._looking = Repeated("cues", LOOK_S, self._look)

    def start(self) -> None:
        """Begin to look at the clock, if there is a cue with a time at all."""
        if any(cue.at is not None for cue in self._cues):
            self._looking.start()

    def stop(self) -> None:
        """Begin no other cue."""
        self._looking.stop()

    def _look(self) -> None:
        now = self._now()
        index = due(self._cues, self._seen or now - timedelta(days=1), now)
        if index is not None:
            self._begin(index, self._seen is None)
        self._seen = now
