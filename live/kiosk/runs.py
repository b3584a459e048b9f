"""What is remembered from run to run: since when the show runs, and how it ended before.

A file in the user's state folder. A run is noted when it begins and each time the watchdog is told;
whatever ends it, a power cut too, leaves the note, and the next run finds it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from live.paths.write_whole import write_whole

QUICK_S = 60.0
"""A run that fails before is a quick crash."""
SAFE_AFTER = 3
"""So many quick crashes in a row lead to safe settings."""
LONGEST_WAIT_S = 60.0
KEPT = 50
"""Ends that are remembered."""


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended."""

    at_s: float
    """time.time()."""
    lasted_s: float
    why: str
    failed: bool
    """Whether nobody wanted it to end."""

    @property
    def is_quick(self) -> bool:
        """Whether it failed soon after it had begun."""
        return self.failed and 0 <= self.lasted_s < QUICK_S


@dataclass(frozen=True, slots=True)
class Runs:
    """What is remembered."""

    ends: tuple[End, ...] = ()
    """Oldest first."""
    began_s: float | None = None
    """time.time() at which the run that is not known to have ended began; None if there is none."""
    seen_s: float = 0.0
    """When it was last known to go on."""
    pid: int = 0
    standing_still: str = ""
    """What in it did not move any more; empty while all does."""
    is_safe: bool = False
    """Whether it has safe settings."""

    @property
    def quick(self) -> int:
        """Quick crashes in a row, up to now."""
        count = 0
        for end in reversed(self.ends):
            if not end.is_quick:
                break
            count += 1
        return count

    @property
    def wait_s(self) -> float:
        """How long to wait before the next run: not at all, then a second, twice as long each time
        that it crashes quickly."""
        return min(2.0 ** (self.quick - 1), LONGEST_WAIT_S) if self.quick else 0.0

    def begun(self, pid: int, is_safe: bool, now_s: float) -> Runs:
        """Return them with a run that begins now."""
        return Runs(self.ended("").ends, now_s, now_s, pid, "", is_safe)

    def ended(self, why: str, failed: bool = True, now_s: float | None = None) -> Runs:
        """Return them with the end of the run that is under way, if there is one.

        why: empty where nobody knows: the machine went off, or the process was killed.
        """
        if self.began_s is None:
            return self
        end_s = self.seen_s if now_s is None else now_s
        why = why or "it ended without a word: it was killed, or the machine went off"
        end = End(end_s, end_s - self.began_s, why, failed)
        return Runs((*self.ends, end)[-KEPT:])


def runs_path() -> Path:
    """Return the file of them; it need not exist."""
    from platformdirs import user_state_path

    return user_state_path("soundglass", appauthor=False) / "kiosk.json"


def read_runs(path: Path) -> Runs:
    """Return what is remembered; nothing where the file is missing or cannot be understood."""
    try:
        given: dict[str, Any] = json.loads(path.read_text("utf-8"))
        ends: Sequence[dict[str, Any]] = given.pop("ends")
        return Runs(tuple(End(**end) for end in ends), **given)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Runs()


def write_runs(runs: Runs, path: Path) -> None:
    """Remember them.

    Raises:
        UserError: the file cannot be written.
    """
    write_whole(path, json.dumps(asdict(runs), indent=1).encode("utf-8"))


def note_seen(path: Path, standing_still: str) -> None:
    """Remember that the run goes on, or what in it stands still.

    Raises:
        UserError: the file cannot be written.
    """
    runs = read_runs(path)
    seen_s = runs.seen_s if standing_still else time.time()
    write_runs(replace(runs, seen_s=seen_s, standing_still=standing_still), path)
