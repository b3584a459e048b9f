"""`soundglass doctor`: check this machine, with a remedy for each fault."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from engine.system.terminal import say, say_json
from live.settings.options import OneLineParser, add_settings, gather_settings

ABOUT = (
    "Check Python, libraries, runtimes, bundle, microphone, display, GPU, memory and disk of this "
    "machine."
)
EXAMPLES = """
soundglass doctor
soundglass doctor --bundle my-bundle --json
"""


def parser() -> OneLineParser:
    """Return the parser of `soundglass doctor`."""
    made = OneLineParser("doctor", ABOUT, EXAMPLES)
    add_settings(made, ("bundle",), save=False)
    made.add_argument("--json", action="store_true", help="print the findings as one JSON object")
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print every finding; return 0 when all is well, 1 when something needs a remedy."""
    from live.machine.health import check_machine

    settings = gather_settings(parsed)
    found = []
    for finding in check_machine(settings.bundle):
        found.append(finding)
        if not parsed.json:
            mark = "ok " if finding.ok else "NOT"
            say(f"{mark}  {finding.part:<10} {finding.text}", flush=True)
            if not finding.ok:
                say(f"     {'':<10} -> {finding.remedy}", flush=True)
    well = all(finding.ok for finding in found)
    if parsed.json:
        say_json(json.dumps({"ok": well, "findings": [asdict(f) for f in found]}, indent=1))
    return 0 if well else 1
