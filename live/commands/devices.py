"""`soundglass devices`: list the microphones."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from engine.system.terminal import say, say_json
from live.settings.options import OneLineParser

ABOUT = "List the microphones; use a name (or part of it) or a number with live --input."
EXAMPLES = """
soundglass devices
soundglass devices --json
"""


def parser() -> OneLineParser:
    """Return the parser of `soundglass devices`."""
    made = OneLineParser("devices", ABOUT, EXAMPLES)
    made.add_argument("--json", action="store_true", help="print the list as one JSON object")
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the microphones; return the exit code, which is 0 also when there are none."""
    from live.input.microphone import list_microphones

    found = list_microphones()
    if parsed.json:
        say_json(json.dumps({"devices": [asdict(device) for device in found]}, indent=1))
        return 0
    if not found:
        say("no microphone found: connect one, or use --input demo or a sound file")
        return 0
    width = max(len(device.name) for device in found)
    for device in found:
        mark = "*" if device.is_default else " "
        say(
            f"{mark} {device.index:3}  {device.name:<{width}}  {device.channels} channel(s), "
            f"{device.sample_rate_hz} Hz, {device.system}"
        )
    say("* is the default microphone (--input mic)")
    return 0
