"""Folders of short recordings, and the command on them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import soundfile

from tests.live.commands.sounds import RATE
from tests.tiny_models import tone_of
from tests.watched import ROOT


def write_recording(path: Path, label: str = "thunder", seconds: float = 1.2) -> Path:
    """Write one, with the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone_of(label, seconds, RATE), RATE)
    return path


def write_archive(folder: Path, count: int = 8) -> Path:
    """Write some recordings in a few folders, the first of them the longest."""
    for number in range(count):
        label = ("thunder", "fireworks")[number % 2]
        path = folder / f"night {number % 3}" / f"{number:03}.flac"
        write_recording(path, label, 8.0 if number == 0 else 0.6 + 0.2 * (number % 4))
    return folder


def arguments(folder: Path, output: Path, bundle: Path, *more: str) -> list[str]:
    """The words after `python` that describe a folder."""
    return [
        *("-m", "live.program", "describe", str(folder), "-o", str(output)),
        *("--bundle", str(bundle), "--json", *more),
    ]


def describe(
    folder: Path, output: Path, bundle: Path, *more: str, code: int = 0,
    env: dict[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Describe a folder; return the counts that are printed."""
    done = subprocess.run(
        [sys.executable, *arguments(folder, output, bundle, *more)],
        cwd=ROOT, capture_output=True, text=True, timeout=600, env=os.environ | (env or {}),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (code, ""), done.stderr
    return json.loads(done.stdout)


def lines(output: Path) -> list[dict[str, Any]]:
    """The lines of an output, all of them whole."""
    content = output.read_bytes()
    assert content.endswith(b"\n")
    return [json.loads(line) for line in content.splitlines()]


def files(output: Path) -> list[str]:
    """The names in them."""
    return [line["file"] for line in lines(output)]
