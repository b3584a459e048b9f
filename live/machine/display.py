"""Whether a window can open here, found out without risking the program."""

from __future__ import annotations

import os
import subprocess
import sys

_PROBE = "from PyQt6.QtWidgets import QApplication; QApplication([])"
_PATIENCE_S = 20.0


def display_fault() -> str | None:
    """Return None when a window can open, else what is missing, in a few words.

    Qt ends the whole process when its platform cannot start, so the attempt is made in another.
    """
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in named):
        return "no display"
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, text=True, timeout=_PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        return "the display does not answer"
    if tried.returncode == 0:
        return None
    for line in tried.stderr.splitlines():
        if "cannot open shared object" in line or "could not connect to display" in line:
            return " ".join(line.split(": ", 1)[-1].split())
    return "the display cannot be opened"
