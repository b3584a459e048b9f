"""`soundglass show`: the show with whatever this machine has. It is what `make run` starts."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from live.commands.live import add_live_options, live_settings, save_if_asked, start
from live.errors import UserError
from live.output.standard_error import lines_to_people
from live.paths.apart import check_apart
from live.settings.model import Settings
from live.settings.options import OneLineParser
from live.settings.places import places_read, places_written

ABOUT = """\
Start the show with whatever this machine has: without a microphone it plays the built-in demo
soundscape (unless --wait), without a display it records soundglass-demo.mp4; it says so in one
line each.
Takes the options of `soundglass live`."""
EXAMPLES = """
soundglass show
soundglass show --input demo --fullscreen
"""
RECORDING = Path("soundglass-demo.mp4")
RECORDING_S = 30.0


def parser() -> OneLineParser:
    """Return the parser of `soundglass show`."""
    made = OneLineParser("show", ABOUT, EXAMPLES)
    add_live_options(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Fit the settings to the machine and run the show; return the exit code."""
    settings = live_settings(parsed)
    if save_if_asked(parsed, settings):
        return 0
    fit = fit_to_machine(settings)
    check_apart(places_read(parsed, fit), places_written(fit))
    code = start(fit)
    if code == 0 and fit.record != settings.record:
        _tell(f"recorded {fit.record}; it plays anywhere")
    return code


def fit_to_machine(settings: Settings) -> Settings:
    """Return the settings with what this machine lacks replaced, each told in one line."""
    if settings.input == "mic" and not settings.wait:
        fault = _microphone_fault()
        if fault:
            _tell(f"{fault}: playing the built-in demo soundscape instead")
            settings = replace(settings, input="demo")
    if not settings.headless:
        from live.machine.display import display_fault

        fault = display_fault()
        if fault:
            record = settings.record or RECORDING
            duration_s = settings.duration_s or RECORDING_S
            _tell(f"{fault}: recording {duration_s:g} s to {record} instead of opening a window")
            settings = replace(settings, headless=True, record=record, duration_s=duration_s)
    return settings


def _microphone_fault() -> str | None:
    from live.input.microphone import list_microphones

    try:
        return None if list_microphones() else "no microphone"
    except UserError as error:
        return str(error).rstrip(".")


def _tell(line: str) -> None:
    with lines_to_people() as say:
        say(line)
