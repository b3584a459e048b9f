"""`soundglass tune`: find the settings that keep the pictures in time on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.system.terminal import print_error, say, say_json
from live.errors import UserError
from live.paths.apart import Place, check_apart
from live.paths.names import expand_path
from live.settings.options import OneLineParser, add_settings, gather_settings
from live.settings.places import places_read, places_written

if TYPE_CHECKING:
    from engine.bundle.load import Bundle
    from live.settings.model import Settings
    from live.tuning.choosing import Goal, Result
    from live.tuning.measurements import MeasurementCache
    from live.tuning.run import TuningResult

ABOUT = """\
Find the settings that keep the pictures in time on this machine: measures what the models cost in
every runtime that is installed, shows the most promising combinations for some seconds each, and
writes the best as a profile for soundglass live. It takes a few minutes; stopped with Ctrl-C, it
goes on where it was. For figures that mean something, let nothing else run."""
EXAMPLES = """
soundglass tune --target-ms 150
soundglass tune --target-ms 120 --min-scenes 10 --panels 2 --name stage
soundglass live --profile tuned
"""
SCHEMA = 1
NAME = "tuned"


def parser() -> OneLineParser:
    """Return the parser of `soundglass tune`."""
    made = OneLineParser("tune", ABOUT, EXAMPLES)
    made.add_argument(
        "--target-ms", dest="goal_ms", metavar="MS", type=float, default=150.0,
        help="most milliseconds from sound to picture, at the 95th percentile (default 150)",
    )  # fmt: skip
    made.add_argument(
        "--min-scenes", metavar="N", type=float, default=8.0,
        help="least scenes painted a second (default 8)",
    )  # fmt: skip
    made.add_argument(
        "--name", default=NAME, help=f"name of the profile to write (default {NAME})"
    )
    made.add_argument(
        "-o", "--output", metavar="FILE.png", type=expand_path,
        help="the plot to write (default: soundglass-tune.png in your data folder)",
    )  # fmt: skip
    made.add_argument("--json", action="store_true", help="print JSON instead of the table")
    made.add_argument(
        "--quick", action="store_true", help="a look instead of a tuning: under a minute"
    )
    made.add_argument(
        "--fresh", action="store_true", help="measure everything anew, also what is known"
    )
    add_settings(made, ("bundle", "panels", "seed"), save=False)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Measure, print the table, write plot and profile; return the exit code.

    A goal that nothing reaches is no error: the fastest is written, and said to be it.
    """
    from engine.bundle.load import load_bundle
    from live.paths.write_whole import check_writable
    from live.settings.profiles import profile_path
    from live.tuning.choosing import Goal
    from live.tuning.costs import QUICK_ROUNDS, ROUNDS
    from live.tuning.measurements import MeasurementCache, measurement_path
    from live.tuning.run import QUICK_SHOW_S, SHOW_S

    settings = gather_settings(parsed)
    goal = Goal(
        _in_range("--target-ms", parsed.goal_ms, 50.0, 5000.0),
        _in_range("--min-scenes", parsed.min_scenes, 0.0, 20.0),
    )
    plot = parsed.output or _default_plot()
    if plot.suffix.lower() != ".png":
        raise UserError(f"--output is {plot}, but must end in .png.")
    profile = profile_path(parsed.name)
    check_apart(
        places_read(parsed, settings),
        [Place(plot, "--output"), Place(profile, "--name"), *places_written(settings)],
    )
    for path in (plot, profile):
        check_writable(path)
    bundle = load_bundle(settings.bundle)
    seconds, rounds = (QUICK_SHOW_S, QUICK_ROUNDS) if parsed.quick else (SHOW_S, ROUNDS)
    measured = MeasurementCache(measurement_path(bundle, seconds, rounds), parsed.fresh)
    try:
        tuned = _run_tuning(bundle, settings, goal, measured, parsed.quick)
    except KeyboardInterrupt:
        print_error(
            "soundglass",
            f"stopped; {len(measured)} measurements are kept, and the same command goes on from "
            "there.",
        )
        return 130
    _tell(parsed, bundle, settings, goal, tuned, measured.remembered, plot)
    return 0


def _in_range(name: str, value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise UserError(f"{name} is {value:g}, but must be a number from {low:g} to {high:g}.")
    return value


def _default_plot() -> Path:
    from platformdirs import user_data_path

    return user_data_path("soundglass", appauthor=False) / "soundglass-tune.png"


def _run_tuning(
    bundle: Bundle, settings: Settings, goal: Goal, measured: MeasurementCache, quick: bool
) -> TuningResult:
    from engine.runtimes.open import installed_runtimes
    from engine.system.cores import usable_cores
    from live.tuning.candidates import sweep
    from live.tuning.run import tune

    manifest = bundle.manifest
    tried = sweep(manifest, settings.panels, installed_runtimes(), usable_cores(), quick)
    return tune(
        tried, settings, goal, lambda c: c.quality(manifest.window_s, manifest.hop_s), measured,
        quick,
    )  # fmt: skip


def _tell(
    parsed: argparse.Namespace, bundle: Bundle, settings: Settings, goal: Goal, tuned: TuningResult,
    remembered: int, plot: Path,
) -> None:
    """Write the profile and the plot, and print what was found."""
    from engine.system.machine import LIVE_LIBRARIES, machine
    from live.settings.profiles import write_profile
    from live.tuning.candidates import PROFILE
    from live.tuning.choosing import best, pareto
    from live.tuning.plot import write_plot
    from live.tuning.table import results_table

    chosen, met = best(tuned.results, goal)
    front = pareto(tuned.results)
    if chosen not in front:
        front = sorted([*front, chosen], key=lambda r: r.shown.p95_ms)
    described = machine(LIVE_LIBRARIES)
    figures = _figures(chosen)
    made = datetime.now(UTC).date()
    profile = write_profile(
        parsed.name, chosen.candidate.settings(settings, goal.target_ms), PROFILE,
        f"Written by soundglass tune --target-ms {goal.target_ms:g} --min-scenes "
        f"{goal.min_scenes:g} on {made}\nfor {described['processor']}, {described['cores']} cores: "
        f"{figures}.",
    )
    title = f"{bundle.name} on {described['processor']}, {described['cores']} cores"
    write_plot(plot, tuned.results, front, chosen, goal, title)
    if parsed.json:
        report = _report(bundle, goal, tuned, described) | {
            "met": met, "chosen": _as_json(chosen), "profile": str(profile), "plot": str(plot),
        }
        say_json(json.dumps(report, indent=1, allow_nan=False))
        return
    say(
        f"{described['processor']}, {described['cores']} cores, load {described['load_1_min']}; "
        f"bundle {bundle.name}\n"
        f"{tuned.considered} combinations worked out from what the models cost, "
        f"{len(tuned.results)} of them shown; {remembered} measurements were there from earlier"
        f"{' (--fresh measures anew)' if remembered else ''}.\n"
    )
    for line in tuned.failed:
        say(f"left out: {line}")
    say(results_table(front, chosen, goal).rstrip("\n"))
    wanted = f"{goal.target_ms:g} ms at {goal.min_scenes:g} scenes a second"
    if met:
        say(f"\nThe best that stays under {wanted}: {figures}.")
    else:
        say(
            f"\nNothing on this machine stays under {wanted}; the fastest comes to {figures}, and "
            "is what the profile holds."
        )
    say(f"wrote {profile}\nwrote {plot}\nUse it with: soundglass live --profile {parsed.name}")


def _figures(result: Result) -> str:
    shown = result.shown
    return (
        f"sound-to-picture p95 {shown.p95_ms:.0f} ms, {shown.scenes_per_s:.1f} scenes a second, "
        f"{shown.memory_mb:.0f} MB"
    )


def _as_json(result: Result) -> dict[str, Any]:
    return asdict(result.candidate) | asdict(result.shown)


def _report(
    bundle: Bundle, goal: Goal, tuned: TuningResult, described: dict[str, Any]
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "soundglass " + " ".join(sys.argv[1:]),
        "machine": described,
        "bundle": bundle.name,
        "goal": asdict(goal),
        "considered": tuned.considered,
        "failed": list(tuned.failed),
        "shown": [_as_json(result) for result in tuned.results],
    }
