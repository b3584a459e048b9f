"""The command `soundglass`: finds the sub-command, runs it, and turns errors into one line.

Only what parsing needs is imported here; each command imports its own when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

from engine.system import signals
from engine.system.outside import outside_fault
from engine.system.terminal import deliver_output, say
from live.errors import UserError
from live.settings.options import OneLineParser
from live.suggest import did_you_mean

COMMANDS = {
    "show": "start the show with whatever this machine has (what `make run` does)",
    "live": "listen and paint, live: the main thing",
    "describe": "say what is heard when in a sound file",
    "separate": "write each source of a sound file to its own WAV",
    "render": "paint a sound file into an MP4, every frame",
    "kiosk": "start the show with the desktop, and whenever it has ended",
    "devices": "list the microphones",
    "control": "play a running show from the command line",
    "doctor": "check this machine, with a remedy for each fault",
    "bench": "measure the speed on this machine",
    "soak": "run a show for hours, hurt it on purpose, and see that it goes on",
    "tune": "find the settings that keep the pictures in time on this machine",
    "export": "make a bundle from trained or public checkpoints",
    "engines": "list, build, verify and prune the engines compiled for this machine",
}
"""Every command with its line of help; each is live/commands/<name>.py."""

_ENGINE_ERRORS = (("engine.bundle.load", "BundleError"), ("engine.runtimes.model", "ModelError"))
"""Errors of the engine whose text is meant for a person as it stands."""

_HELP = """\
usage: soundglass COMMAND [options]

Soundglass listens to a place, live, and paints what it hears.

commands:
{commands}

examples:
  soundglass live                                the window, on the default microphone
  soundglass live --input demo                   no microphone needed
  soundglass live --input rain.flac --record rain.mp4
  soundglass describe rain.flac                  what is heard when
  soundglass COMMAND --help                      the options of a command
"""


class Command(Protocol):
    """What a module of live/commands offers."""

    def parser(self) -> OneLineParser:
        """Return the command's own parser."""
        ...

    def run(self, parsed: object) -> int:
        """Do it; return the exit code."""
        ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `soundglass` and return its exit code.

    0 is success, 2 what a person can put right (one line on standard error), 3 a sound of which a
    part could not be read. What was ended by a signal says so by 130 (Ctrl-C), 143 (SIGTERM) or 129
    (the terminal is gone), a show as well, which finishes its files first. A fault of the program
    itself keeps its traceback.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    with signals.handle_signals():
        try:
            code = _run_guarded(lambda: _dispatch(given))
        except BrokenPipeError:  # the reader of our output has gone, as in `soundglass ... | head`
            code = 0
        return signals.exit_code(code)


def help_text() -> str:
    """Return what `soundglass --help` prints."""
    lines = [f"  {name:<10}{text}" for name, text in COMMANDS.items()]
    return _HELP.format(commands="\n".join(lines))


def _dispatch(given: list[str]) -> int:
    if not given or given[0] in ("-h", "--help", "help"):
        say(help_text().rstrip())
        return 0
    name = given[0]
    if name == "--version":
        from importlib.metadata import version

        say(f"soundglass {version('soundglass')}")
        return 0
    if name not in COMMANDS:
        kind = "option" if name.startswith("-") else "command"
        known = ("--help", "--version") if kind == "option" else tuple(COMMANDS)
        hint = did_you_mean(name, known) or f" Known are {', '.join(known)}."
        raise UserError(f"there is no {kind} {name}.{hint}")
    command = cast(Command, import_module(f"live.commands.{name}"))
    return command.run(command.parser().parse(given[1:]))


def _run_guarded(work: Callable[[], int]) -> int:
    try:
        with deliver_output():
            return work()
    except UserError as error:
        _say("stopped." if signals.end_requested() else str(error))
        return 2
    except KeyboardInterrupt:
        signals.mark_finished()
        _say("stopped.")
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:
        if signals.end_requested():  # a library made something else of the interruption
            _say("stopped.")
            return 130
        line = _plain_line(error)
        if line is None:
            raise
        _say(line)
        return 2


def _plain_line(error: Exception) -> str | None:
    """Return the line for an error of the engine or the world, None for a fault of the program."""
    for module, name in _ENGINE_ERRORS:
        loaded = sys.modules.get(module)  # it is, if it raised
        if loaded is not None and isinstance(error, getattr(loaded, name)):
            return str(error)
    return outside_fault(error)


def _say(line: str) -> None:
    from live.output.standard_error import lines_to_people  # not before there is something to say

    with lines_to_people() as say_soon:
        say_soon(line)
