"""Stages that remember what they have done.

A stage is done when its files are there and were made with the same settings from the same files
of earlier stages. What was interrupted, or is given more time, goes on; what was made from files
that have changed since is thrown away and made again.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.loop.whole_files import write_text

RECORD = "stages.json"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on the way to a bundle."""

    name: str
    about: str
    """What it does, in a line for people."""
    outputs: tuple[Path, ...]
    """Files or folders that it leaves; all there, or it isn't done."""
    run: Callable[[], None]
    needs: tuple[str, ...] = ()
    """Stages whose outputs it reads."""
    settings: dict[str, Any] = field(default_factory=dict)
    """JSON values; other ones call for another run."""

    def is_complete(self) -> bool:
        """Whether every output exists."""
        return all(path.exists() for path in self.outputs)

    def clear(self) -> None:
        """Throws the outputs away."""
        for path in self.outputs:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


class StageNotRunError(Exception):
    """A stage that was to be taken as it is has not been run."""


def run_stages(
    stages: Sequence[Stage],
    runs: Path,
    first: str | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Runs what is not done, in order.

    Args:
        stages: each after those that it needs.
        runs: folder that keeps the record of what was done.
        first: this stage and all that depend on it are made again; earlier ones are taken as they
            are, however they were made. Raises NotThereError when one of those is missing.
        say: takes a line for every stage.
    """
    record, again = _read(runs), {first}
    names = [stage.name for stage in stages]
    start = names.index(first) if first else 0
    for number, stage in enumerate(stages):
        head = f"[{number + 1}/{len(stages)}] {stage.name}:"
        before = record.get(stage.name, {})
        if number < start:
            if not stage.is_complete():
                raise StageNotRunError(f"{stage.name} is not there: start with it, or before it")
            if not before.get("id"):
                record[stage.name] = {"id": _new_id(), "settings": None, "needs": None}
            say(f"{head} taken as it is")
            continue
        settings = json.loads(json.dumps(stage.settings))
        needs = {name: record[name]["id"] for name in stage.needs}
        if again & {stage.name, *stage.needs}:
            again.add(stage.name)
            stage.clear()
        elif before.get("needs") not in (None, needs):
            stage.clear()
        elif before.get("id") and before["settings"] == settings and stage.is_complete():
            say(f"{head} done already")
            continue
        say(f"{head} {stage.about}")
        record[stage.name] = {"id": None, "settings": settings, "needs": needs}
        _write(runs, record)
        stage.run()
        missing = [str(path) for path in stage.outputs if not path.exists()]
        if missing:
            raise RuntimeError(f"{stage.name} ended without {', '.join(missing)}")
        record[stage.name]["id"] = _new_id()
        _write(runs, record)


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


def _read(runs: Path) -> dict[str, Any]:
    path = runs / RECORD
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _write(runs: Path, record: dict[str, Any]) -> None:
    write_text(runs / RECORD, json.dumps(record, indent=1))
