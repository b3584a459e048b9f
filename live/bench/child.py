"""Measures in a process of its own, so that what measures does not count as what is measured."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from live.errors import UserError
from live.machine.memory import resident_mb
from live.settings.model import Settings

POLL_S = 0.5


def run_child(
    module: str,
    settings: Settings,
    seconds: float,
    env: Mapping[str, str],
    more: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], float]:
    """Run `python -m module` and return what it reported and the most memory it held, in MB.

    more: what else it is to know, ready for JSON; `child_more` gives it to the child.

    Raises:
        UserError: it failed; the line is what it said last.
    """
    job = json.dumps(
        {"settings": asdict(settings), "seconds": seconds, "more": dict(more or {})}, default=str
    )
    child = subprocess.Popen(
        [sys.executable, "-m", module, job],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    most_mb = 0.0
    patience_s = time.monotonic() + seconds + 90
    try:
        while child.poll() is None and time.monotonic() < patience_s:
            most_mb = max(most_mb, resident_mb(child.pid))
            time.sleep(POLL_S)
    finally:
        if child.poll() is None:
            child.terminate()
        out, err = child.communicate(timeout=20)
    if child.returncode != 0:
        last = (err.strip().splitlines() or ["it said nothing"])[-1]
        raise UserError(f"{module} failed: {last}")
    return json.loads(out.splitlines()[-1]), most_mb


def child_job(argument: str) -> tuple[Settings, float]:
    """Return the settings and the seconds that `run_child` handed to its child."""
    job = json.loads(argument)
    paths = {name: Path(job["settings"][name]) for name in _PATHS if job["settings"][name]}
    return Settings(**{**job["settings"], **paths}), job["seconds"]


def child_more(argument: str) -> dict[str, Any]:
    """Return what else `run_child` handed to its child."""
    return json.loads(argument)["more"]


_PATHS = ("frames", "record", "events", "trace", "log", "cues", "stems")
