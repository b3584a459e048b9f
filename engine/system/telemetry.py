"""What libraries would tell their makers, switched off before any of them is loaded.

A program with a microphone opens no socket that nobody asked for. Seen under strace on import and
on opening a model (`strace -f -e trace=network,openat,execve`):

- OpenVINO 2026.4 imports its converter, and that reports the import: it writes a client id and a
  count of starts to ~/intel, forks a process and looks up www.google-analytics.com. No environment
  variable stops it (its consent is a file in the home folder); without the package
  `openvino_telemetry` it takes a stand-in that does nothing.
- ONNX Runtime 1.31 writes a device id and a store of events to ~/.cache/Microsoft, starts threads
  and looks up mobile.events.data.microsoft.com. It reads ORT_DISABLE_TELEMETRY when it is loaded.
- Hugging Face's libraries, which the exporters use, name themselves and their user's versions to
  the hub they download from. They read HF_HUB_DISABLE_TELEMETRY.
- Ray's head reports how its cluster is used. It reads RAY_USAGE_STATS_ENABLED; a head that others
  have started is theirs.
"""

from __future__ import annotations

import os
import sys

SILENCED = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
}
"""Environment variables of the process and all that it starts."""
MISSING = ("openvino_telemetry",)
"""Packages that cannot be imported, as if they were not installed."""


def switch_off() -> None:
    """Silence this process and those that it starts; called when a package of ours is loaded."""
    os.environ.update(SILENCED)
    for name in MISSING:
        # None is Python's own way to say that a module cannot be imported.
        sys.modules.setdefault(name, None)  # pyright: ignore[reportArgumentType, reportCallIssue]
