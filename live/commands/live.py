"""`soundglass live`: listen and paint, in a window or without one."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.system.signals import hold_signals, release_signals
from engine.system.terminal import print_error, say
from live.errors import UserError
from live.paths.apart import Place, check_apart
from live.settings.model import SPECS, Settings
from live.settings.options import OneLineParser, add_settings, gather_settings
from live.settings.places import places_named, places_read, places_written

if TYPE_CHECKING:
    from live.control.adapters import Adapters
    from live.control.desk import Desk
    from live.show.session import Session

    Beside = Callable[[Session], AbstractContextManager[object]]

ABOUT = "Listen to a microphone, a file or the built-in demo, and paint what is heard, live."
EXAMPLES = """
soundglass live
soundglass live --input demo --panels 3
soundglass live --input rain.flac --headless --record rain.mp4 --events rain.jsonl
soundglass live --light night --season winter --style papercut
soundglass live --window 3 --seed 7 --save-settings show.toml
soundglass live --settings show.toml --fullscreen --screen 2
soundglass live --span "left+right" --panel-window
soundglass live --profile tuned --trace show.json
soundglass live --out rtmp://a.example/live/KEY --out ndi:Soundglass
soundglass live --web
soundglass live --osc 127.0.0.1:9000 --osc-out 127.0.0.1:9001 --midi --cues evening.toml
"""


def parser() -> OneLineParser:
    """Return the parser of `soundglass live`."""
    made = OneLineParser("live", ABOUT, EXAMPLES)
    add_live_options(made)
    return made


def add_live_options(parser: argparse.ArgumentParser) -> None:
    """Add every setting, and --json."""
    add_settings(parser, tuple(SPECS))
    parser.add_argument(
        "--json", action="store_true", help="print the events on standard output (--events -)"
    )


def live_settings(parsed: argparse.Namespace) -> Settings:
    """Return the settings of a live show."""
    settings = gather_settings(parsed)
    return replace(settings, events=Path("-")) if parsed.json else settings


def run(parsed: argparse.Namespace) -> int:
    """Run the show; return the exit code."""
    settings = live_settings(parsed)
    if save_if_asked(parsed, settings):
        return 0
    check_apart(places_read(parsed, settings), places_written(settings))
    return start(settings)


def save_if_asked(parsed: argparse.Namespace, settings: Settings) -> bool:
    """Write the settings file if --save-settings asks for one; return whether it did."""
    if parsed.save_settings is None:
        return False
    from live.settings.file import write_settings_file

    # A person's own settings file is read without being asked for, and may be written anew so.
    check_apart(
        places_named(parsed, settings),
        [Place(parsed.save_settings, "--save-settings"), *places_written(settings)],
    )
    write_settings_file(settings, parsed.save_settings)
    say(f"wrote {parsed.save_settings}")
    return True


def start(settings: Settings, view: str = "auto", beside: Beside | None = None) -> int:
    """Run the show with these settings until it ends; return the exit code.

    view: as `run_window` has it. beside: a context of the started session, for as long as it runs.

    Raises:
        UserError: the bundle, the input, an output or the display cannot be used.
    """
    if not settings.headless:
        _need_a_display()
    from engine.bundle.load import load_bundle
    from live.output.trace_file import record_trace
    from live.show.session import Session

    with record_trace(settings.trace):
        session = Session(settings, load_bundle(settings.bundle))
        return _run(session, settings, view, beside or nullcontext)


def _run(session: Session, settings: Settings, view: str, beside: Beside) -> int:
    # From the first thing opened to the last one closed a signal finds somebody who ends the show;
    # only while it is being opened may the signal break off what is under way.
    with hold_signals():
        try:
            with release_signals():
                session.start()
            with beside(session), hands_of(session, settings) as desk:
                if settings.headless:
                    from live.show.headless import run_headless

                    return run_headless(session, settings)
                from live.window.app import run_window

                return run_window(session, settings, view, desk)
        finally:
            session.stop()


@contextmanager
def hands_of(session: Session, settings: Settings) -> Iterator[Desk]:
    """Yield the desk of a started show, with the hands at it that the settings ask for.

    Raises:
        UserError: a port, an address or a cue list cannot be used.
        ModuleNotFoundError: an extra that a hand needs is not installed.
    """
    from live.control.adapters import Adapters
    from live.control.desk import Desk

    desk = Desk(session)
    desk.listen(lambda outcome: session.messages.report_event(outcome.line))
    try:
        adapters = Adapters(desk, settings)
        try:
            if settings.web is not None:
                _open_page(adapters, desk, settings.web)
            yield desk
        finally:
            adapters.stop()
    finally:
        desk.stop()


def _open_page(adapters: Adapters, desk: Desk, text: str) -> None:
    """Serve the web page, and say where it is: on the terminal alone, the links are secrets."""
    from live.control.osc.address import read_address, resolve
    from live.web.server import WebServer

    server = WebServer(desk, *resolve(*read_address(text, "--web"), "--web"))
    server.start()  # stops itself where it cannot
    adapters.add(server)
    for role, link in desk.links.items():
        print_error("soundglass", f"the page for {role}s: {link.url}")


def _need_a_display() -> None:
    from live.machine.display import display_fault

    fault = display_fault()
    if fault:
        raise UserError(
            f"no window can open ({fault}): start it on a desktop, or use --headless with "
            "--record, --frames or --events."
        )
