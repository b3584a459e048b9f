"""`soundglass bench`: measure the speed on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.system.terminal import print_error, say, say_json
from live.errors import UserError
from live.paths.apart import Place, check_apart
from live.paths.names import expand_path
from live.settings.model import Settings
from live.settings.options import OneLineParser, add_settings, gather_settings
from live.settings.places import places_read, places_written

ABOUT = """\
Measure the speed of the real parts on this machine, beside their targets. For figures that mean
something, let nothing else run. The show is measured on a microphone of a private PulseAudio
server where PulseAudio is installed."""
EXAMPLES = """
soundglass bench
soundglass bench --quick --json
soundglass bench --seconds 600 -o bench.json
soundglass bench --web
soundglass bench --outputs
"""
SCHEMA = 1
SECONDS = 60.0
QUICK_SECONDS = 8.0
def parser() -> OneLineParser:
    """Return the parser of `soundglass bench`."""
    made = OneLineParser("bench", ABOUT, EXAMPLES)
    made.add_argument(
        "--seconds",
        metavar="S",
        type=float,
        default=SECONDS,
        help=f"how long the show is measured (default {SECONDS:g})",
    )
    made.add_argument(
        "--quick", action="store_true", help="a look instead of a measurement: under a minute"
    )
    made.add_argument(
        "--web",
        dest="in_browser",  # web is a setting
        action="store_true",
        help="measure only the show in a browser: how late its pictures are in a headless "
        "Chromium, and what 10 viewers cost the show; needs the extra stage and Chromium",
    )
    made.add_argument(
        "--outputs",
        action="store_true",
        help="measure only what a recording and two streams cost the show",
    )
    made.add_argument(
        "-o",
        "--output",
        metavar="FILE.json",
        type=expand_path,
        help="write the figures with machine, versions and seed (default: soundglass-bench.json "
        "in your data folder)",
    )
    made.add_argument("--json", action="store_true", help="print the JSON instead of the table")
    add_settings(
        made,
        (
            *("bundle", "window", "hop", "panels", "panels-every", "steps", "size", "seed"),
            *("runtime", "threads", "precision", "target", "trace"),
        ),
        save=False,
    )
    return made


def run(parsed: argparse.Namespace) -> int:
    """Measure, print the table and write the JSON; return the exit code.

    Missed targets are no error: the figures are what was asked for.
    """
    settings = gather_settings(parsed)
    seconds = QUICK_SECONDS if parsed.quick else parsed.seconds
    if not 5 <= seconds <= 36000:
        raise UserError(f"--seconds is {seconds:g}, but must be a number from 5 to 36000.")
    from live.bench.measure import measure_table
    from live.paths.write_whole import check_writable, write_whole

    output = parsed.output or _default_output()
    check_apart(
        places_read(parsed, settings), [Place(output, "--output"), *places_written(settings)]
    )
    check_writable(output)
    report, measures = _measure(settings, seconds, parsed.quick, _only(parsed))
    text = json.dumps(report, indent=1, allow_nan=False)
    write_whole(output, (text + "\n").encode("utf-8"))
    if parsed.json:
        say_json(text)
        return 0
    found = report["machine"]
    say(
        f"{found['processor']}, {found['cores']} cores, load {found['load_1_min']}; "
        f"bundle {report['bundle']} in {report['runtime']}\n"
    )
    say(f"{measure_table(measures)}\nwrote {output}")
    return 0


def _only(parsed: argparse.Namespace) -> str:
    """Return the one thing that is to be measured; empty for everything but these."""
    return "web" if parsed.in_browser else "outputs" if parsed.outputs else ""


def _default_output() -> Path:
    from platformdirs import user_data_path

    return user_data_path("soundglass", appauthor=False) / "soundglass-bench.json"


def _measure(
    settings: Settings, seconds: float, quick: bool, only: str
) -> tuple[dict[str, Any], list]:
    import math
    from dataclasses import asdict

    from engine.bundle.load import load_bundle
    from engine.system.machine import LIVE_LIBRARIES, machine
    from live.bench.idle import idle_measures
    from live.bench.measure import Measure, missing_measure
    from live.bench.outputs.comparison import output_measures
    from live.bench.reaction import reaction_measures
    from live.bench.show import show_measures
    from live.bench.startup import first_picture, import_time
    from live.bench.ticks import tick_measures
    from live.bench.web import web_measures
    from live.show.models import open_models

    described = machine(LIVE_LIBRARIES)  # first: the load is to be that of the others
    bundle = load_bundle(settings.bundle)
    models = open_models(bundle, settings)
    runtime = models.runtime
    measures: list[Measure] = []
    details: dict[str, Any] = {}

    def stage(what: str, work: Callable[[], list[Measure]], *names: tuple[str, str, float]) -> None:
        print_error("soundglass", f"measuring {what} ...")
        try:
            measures.extend(work())
        except UserError as error:
            measures.extend(missing_measure(*name, str(error)) for name in names)

    def noting(key: str, result: tuple[list[Measure], dict[str, Any]]) -> list[Measure]:
        details[key] = result[1]
        return result[0]

    if only == "outputs":
        models.close()
        stage(
            f"outputs, {2 * seconds:g} s and more",
            lambda: noting("outputs", output_measures(settings, seconds)),
            ("three outputs add to sound-to-picture p95", "%", 5.0),
        )
    elif only == "web":
        models.close()
        stage(
            f"the show in a browser, {3 * seconds:g} s",
            lambda: noting("web", web_measures(settings, seconds)),
            ("picture to page p95, 1 viewer", "ms", 60.0),
        )
    else:
        stage(
            "hearing and painting",
            lambda: tick_measures(bundle, models, settings, 10 if quick else 50),
        )
        models.close()
        stage(
            f"the show, {seconds:g} s",
            lambda: noting("show", show_measures(settings, seconds)),
            ("sound-to-picture p95", "ms", 250.0),
            ("scenes painted beside hearing", "/s", 8.0),
            ("samples lost in capture", "", 0.0),
            ("memory, all processes", "MB", 700.0),
        )
        stage(
            "the reactive layer",
            lambda: noting("reaction", reaction_measures(settings, 10.0 if quick else 30.0)),
            ("reactive layer p95", "ms", 60.0),
        )
        stage(
            "rain and silence",
            lambda: noting("idle", idle_measures(settings, 32.0 if quick else 90.0)),
            ("processor in silence, of that in rain", "%", 40.0),
            ("first sound after silence p95", "ms", 60.0),
        )
        stage(
            "the start",
            lambda: [
                first_picture(settings.bundle, settings.runtime, 1 if quick else 3),
                import_time(3 if quick else 7),
            ],
        )
    report = {
        "schema": SCHEMA,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "soundglass " + " ".join(sys.argv[1:]),
        "machine": described,
        "bundle": bundle.name,
        "runtime": runtime,
        "settings": {name: str(value) for name, value in asdict(settings).items()},
        "seed": settings.seed,
        "measures": [
            asdict(measure)
            | {
                "value": None if math.isnan(measure.value) else measure.value,
                "reached": measure.reached,
            }
            for measure in measures
        ],
        "details": details,
    }
    return report, measures
