"""`soundglass kiosk`: the show that starts with the desktop, and comes back whatever ends it."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.system.signals import end_requested, notify_on_signal
from engine.system.terminal import say
from live.commands.live import add_live_options, live_settings, start
from live.errors import UserError
from live.kiosk.runs import SAFE_AFTER, Runs, read_runs, runs_path, write_runs
from live.paths.apart import check_apart
from live.settings.model import Settings
from live.settings.options import OneLineParser
from live.settings.places import places_read, places_written
from live.suggest import did_you_mean

if TYPE_CHECKING:
    from live.show.session import Session

ABOUT = """\
Have the show start with the desktop, in full screen unless --headless or --no-fullscreen, and come
back whatever ends it: install, status or remove. It is a service of systemd's for this user or,
where there is none, an entry of the desktop's autostart and a supervisor of our own. Both start it
again when it ends, and end it when capture, hearing, painting or drawing stands still. After three
crashes within a minute each it runs with safe settings, and says so."""
EXAMPLES = """
soundglass kiosk install --input "USB" --hours "Mo-Fr 08:00-21:00; Sa 10:00-18:00"
soundglass kiosk install --print --place 52.5,13.4
soundglass kiosk status
soundglass kiosk remove
"""
_WORDS = ("install", "status", "remove")
"""What people say; run, ended and supervise are for the unit and the autostart entry."""
SHOWN_ENDS = 5


def parser() -> OneLineParser:
    """Return the parser of `soundglass kiosk`."""
    made = OneLineParser("kiosk", ABOUT, EXAMPLES)
    made.add_argument("what", metavar="|".join(_WORDS), help="what to do")
    made.add_argument(
        "--print", action="store_true", help="only say what would be written, or removed"
    )
    add_live_options(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Do it; return the exit code: of status, 0 where a kiosk is installed, else 1."""
    match parsed.what:
        case "install":
            return _install(parsed)
        case "status":
            return _status()
        case "remove":
            from live.kiosk.install import remove

            remove(say, only_say=parsed.print)
            return 0
        case "run":
            return _run(live_settings(parsed))
        case "ended":
            return _note_end_of_service()
        case "supervise":
            return _supervise(parsed.settings)
    hint = did_you_mean(parsed.what, _WORDS) or f" Say {', '.join(_WORDS[:-1])} or {_WORDS[-1]}."
    raise UserError(f"kiosk does not know {parsed.what!r}.{hint}")


def _install(parsed: argparse.Namespace) -> int:
    from live.kiosk.install import files_of, has_systemd, install

    settings = _from_any_folder(live_settings(parsed))
    if not settings.headless and not hasattr(parsed, "fullscreen"):
        settings = replace(settings, fullscreen=True)
    check_apart(places_read(parsed, settings), places_written(settings))
    if not parsed.print:
        install(settings, say)
        return 0
    for path, text in files_of(settings, has_systemd()).items():
        say(f"--- {path}\n{text}")
    return 0


def _from_any_folder(settings: Settings) -> Settings:
    """Return settings whose files are found from whichever folder the show is started in."""
    from live.input.feeds import looks_like_a_file

    given = {each.name: getattr(settings, each.name) for each in fields(settings)}
    paths = {
        name: Path(os.path.abspath(value))
        for name, value in given.items()
        if isinstance(value, Path) and str(value) != "-"
    }
    for name in ("input", "bundle"):
        value = given[name]
        is_path = looks_like_a_file(value) if name == "input" else os.path.isdir(value)
        if is_path and value != "-":
            paths[name] = os.path.abspath(os.path.expanduser(value))
    return replace(settings, **paths)


def _status() -> int:
    from live.kiosk.install import is_installed, state

    runs = read_runs(runs_path())
    say(f"kiosk: {state()}")
    if runs.began_s is not None:
        safe = ", with safe settings" if runs.is_safe else ""
        still = f"; {runs.standing_still}" if runs.standing_still else ""
        say(f"show:  since {_moment(runs.began_s)}, seen {_moment(runs.seen_s)}{safe}{still}")
    for end in reversed(runs.ends[-SHOWN_ENDS:]):
        say(f"ended: {_moment(end.at_s)} after {_duration(end.lasted_s)}: {end.why}")
    return 0 if is_installed() else 1


def _run(settings: Settings) -> int:
    """Run the show as a kiosk, once."""
    path = runs_path()
    runs = read_runs(path)
    runs = runs.begun(os.getpid(), runs.ended("").quick >= SAFE_AFTER, time.time())
    write_runs(runs, path)
    if runs.is_safe:
        from live.kiosk.safe import safe_settings

        settings = safe_settings(settings)
    try:
        if runs.wait_s:
            time.sleep(runs.wait_s)
            write_runs(replace(runs, began_s=time.time(), seen_s=time.time()), path)
        view = "painter" if runs.is_safe else "auto"
        code = start(settings, view, lambda session: _watched(session, path, _lines(runs)))
    except BaseException as error:
        _note_end(path, _why(error), failed=not end_requested())
        raise
    told = end_requested()
    _note_end(path, "it was told to end" if told else "it was closed", failed=code != 0)
    return code


@contextmanager
def _watched(session: Session, path: Path, lines: list[str]) -> Iterator[None]:
    from live.kiosk.heartbeat import Heartbeat

    for line in lines:
        session.messages.report_event(line)
    heartbeat = Heartbeat(session, path)
    try:
        yield
    finally:
        heartbeat.stop()


def _lines(runs: Runs) -> list[str]:
    """What people should know of the run before, if there is anything."""
    if not runs.ends or not runs.ends[-1].failed:
        return []
    last = runs.ends[-1]
    if runs.is_safe:
        return [f"safe settings after {runs.quick} quick crashes; the last: {last.why}"]
    return [f"the show before ended {_moment(last.at_s)}: {last.why}"]


def _why(error: BaseException) -> str:
    if end_requested():
        return "it was told to end"
    said = " ".join(str(error).split())
    return said if isinstance(error, UserError) else f"{type(error).__name__}: {said}"


def _note_end(path: Path, why: str, failed: bool) -> None:
    try:
        write_runs(read_runs(path).ended(why, failed, time.time()), path)
    except UserError as error:
        say(str(error))


def _note_end_of_service() -> int:
    """Note why systemd says that the show has ended, where it could not say so itself."""
    path = runs_path()
    runs = read_runs(path)
    result, status = (os.environ.get(name, "") for name in ("SERVICE_RESULT", "EXIT_STATUS"))
    why = f"systemd says {result or 'nothing'} ({status or 'no status'})"
    if result == "watchdog":
        why = f"the watchdog ended it: {runs.standing_still or 'nothing was told any more'}"
    write_runs(runs.ended(why, failed=result != "success", now_s=time.time()), path)
    return 0


def _supervise(settings: Path | None) -> int:
    import fcntl

    from live.kiosk.install import supervisor_path
    from live.kiosk.supervisor import Supervisor
    from live.kiosk.unit import WATCHDOG_S, command
    from live.paths.write_whole import make_folder

    make_folder(supervisor_path().parent)
    with supervisor_path().open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError("another supervisor runs already: soundglass kiosk status.") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        more = () if settings is None else ("--settings", str(settings))
        supervisor = Supervisor(
            command("kiosk", "run", *more),
            WATCHDOG_S,
            lambda why, failed: _note_end(runs_path(), why, failed),
        )
        with notify_on_signal(supervisor.stop):
            supervisor.run()
    return 0


def _moment(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s):%Y-%m-%d %H:%M:%S}"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
