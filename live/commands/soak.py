"""`soundglass soak`: a real show for hours, hurt on purpose, and a table of what it made of it."""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from dataclasses import asdict
from pathlib import Path

from engine.system.machine import LIVE_LIBRARIES, machine
from engine.system.terminal import print_error, say, say_json
from live.commands.live import start
from live.errors import UserError
from live.paths.names import expand_path
from live.settings.file import read_settings_file
from live.settings.model import Settings
from live.settings.options import OneLineParser, add_settings, gather_settings

ABOUT = """\
Run a real show for hours, in full screen on a display of its own (Xvfb), on the microphone of a
private PulseAudio server, recording, logging and sending; do faults to it by a seeded plan
(microphone unplugged, sound server and capture killed, disk full, engines removed, the program
stopped, a stream that nobody reads, a storm of viewers); and print what it made of them. The clock
is not set: that would be every program's."""
EXAMPLES = """
soundglass soak --hours 0.05
soundglass soak --hours 24 --seed 3 -o soak.json
"""
LEAST_H, MOST_H = 1 / 60, 24.0 * 31


def parser() -> OneLineParser:
    """Return the parser of `soundglass soak`."""
    made = OneLineParser("soak", ABOUT, EXAMPLES)
    made.add_argument(
        "--hours", dest="soak_hours", metavar="H", type=float, default=2.0,
        help="how long (default 2)",
    )  # fmt: skip
    made.add_argument(
        "-o", "--output", metavar="FILE.json", type=expand_path,
        help="write the measures, and every fault with how soon the show went on",
    )  # fmt: skip
    made.add_argument("--json", action="store_true", help="print the JSON instead of the tables")
    made.add_argument("--show", metavar="FILE", type=Path, help=argparse.SUPPRESS)
    names = ("bundle", "panels", "seed", "runtime", "threads", "target")
    add_settings(made, names, save=False)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Run it; return the exit code: 0 where the show survived everything, else 1."""
    if parsed.show is not None:  # this is the show itself
        from live.soak.reports import reporting

        return start(Settings(**read_settings_file(parsed.show)), beside=reporting)
    if not LEAST_H <= parsed.soak_hours <= MOST_H:
        raise UserError(
            f"--hours is {parsed.soak_hours:g}, but must be from {LEAST_H:.2g} to {MOST_H:g}."
        )
    settings = gather_settings(parsed)
    return _soak(settings, parsed.soak_hours, parsed.output, parsed.json)


def _soak(settings: Settings, hours: float, output: Path | None, as_json: bool) -> int:
    from live.bench.measure import measure_table
    from live.paths.write_whole import check_writable, write_whole
    from live.soak.results import fault_table, measures_of
    from live.soak.run import soak

    if output is not None:
        check_writable(output)
    with tempfile.TemporaryDirectory(prefix="soundglass-soak-") as folder:
        soaked = soak(
            settings, 3600 * hours, Path(folder), lambda line: print_error("soundglass", line)
        )
    measures = measures_of(soaked)
    report = {
        "schema": 1,
        "machine": machine(LIVE_LIBRARIES),
        "hours": hours,
        "seed": settings.seed,
        "measures": [
            asdict(each) | {"value": None if math.isnan(each.value) else each.value}
            for each in measures
        ],
        "faults": [asdict(each) for each in soaked.done],
        "minutes": [asdict(each) for each in soaked.reports[::60]],
    }
    text = json.dumps(report, indent=1, allow_nan=False)
    if as_json:
        say_json(text)
    else:
        say(fault_table(soaked.done))
        say(measure_table(measures).rstrip())
    if output is not None:
        write_whole(output, (text + "\n").encode())
        print_error("soundglass", f"wrote {output}")
    return 1 if any(not each.reached for each in measures[:2]) else 0
