"""What has been measured, kept from one run to the next under a key of everything that matters."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.runtimes.cache import cache_folder, write_whole
from engine.system.cores import processor, usable_cores
from engine.system.machine import LIVE_LIBRARIES, machine

if TYPE_CHECKING:
    from engine.bundle.load import Bundle

METHOD_VERSION = 2
"""Raised when the way of measuring changes."""


@dataclass(frozen=True, slots=True)
class ShowFigures:
    """What a real show of a candidate came to."""

    p50_ms: float
    """Sound-to-picture."""
    p95_ms: float
    scenes_per_s: float
    memory_mb: float
    """Resident, of all its processes, at most."""
    hearings: int
    """How many were timed."""
    dropped: int
    """Hearings that were passed over."""


class MeasurementCache:
    """Costs by engine and shows by candidate; each is written as soon as it is there."""

    def __init__(self, path: Path, fresh: bool = False) -> None:
        """fresh: forget what is there. A file that cannot be read counts as none."""
        self.path = path
        self.costs: dict[str, dict[str, Any]] = {}
        self.shows: dict[str, ShowFigures] = {}
        if not fresh:
            self._read()
        self.remembered = len(self)
        """How much was there from earlier runs."""

    def __len__(self) -> int:
        return len(self.costs) + len(self.shows)

    def add_costs(self, name: str, found: dict[str, Any]) -> None:
        """Remember the costs of an engine."""
        self.costs[name] = found
        self._write()

    def add_show(self, name: str, shown: ShowFigures) -> None:
        """Remember the show of a candidate."""
        self.shows[name] = shown
        self._write()

    def _read(self) -> None:
        try:
            found = json.loads(self.path.read_bytes())
            costs, shows = dict(found["costs"]), found["shows"]
            self.shows = {name: ShowFigures(**each) for name, each in shows.items()}
            self.costs = costs
        except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
            self.costs, self.shows = {}, {}

    def _write(self) -> None:
        content = {
            "costs": self.costs,
            "shows": {name: asdict(each) for name, each in self.shows.items()},
        }
        write_whole(self.path, (json.dumps(content, indent=1) + "\n").encode("utf-8"))


def measurement_path(bundle: Bundle, seconds: float, rounds: int) -> Path:
    """Return where measurements of this bundle on this machine are kept.

    seconds: of each show. rounds: of each cost. The manifest holds the hash of every file of the
    bundle, so that its own hash stands for all of them.
    """
    manifest = hashlib.sha256((bundle.folder / "bundle.json").read_bytes()).hexdigest()
    matters = [
        METHOD_VERSION, manifest, machine(LIVE_LIBRARIES)["libraries"], processor(), usable_cores(),
        sys.platform, sys.version, seconds, rounds,
    ]  # fmt: skip
    key = hashlib.sha256(json.dumps(matters).encode()).hexdigest()[:32]
    return cache_folder() / "tuning" / f"{key}.json"
