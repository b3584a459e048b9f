"""The command `soundglass`: finds the sub-command, runs it, and turns errors into one line.

Only what parsing needs is imported here; each command imports its own when it runs.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Protocol, cast

from live.errors import UserError
from live.options import OneLineParser
from live.suggest import did_you_mean

COMMANDS = {
    "show": "start the show with whatever this machine has (what `make run` does)",
    "live": "listen and paint, live: the main thing",
    "describe": "say what is heard when in a sound file",
    "separate": "write each source of a sound file to its own WAV",
    "render": "paint a sound file into an MP4, every frame",
    "devices": "list the microphones",
    "doctor": "check this machine, with a remedy for each fault",
    "bench": "measure the speed on this machine",
    "tune": "find the settings that keep the pictures in time on this machine",
    "export": "make a bundle from trained or public checkpoints",
    "engines": "list, build, verify and prune the engines compiled for this machine",
}
"""Every command with its line of help; each is live/commands/<name>.py."""

_ENGINE_ERRORS = (("engine.bundle", "BundleError"), ("engine.runtimes.model", "ModelError"))
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
  soundglass describe rain.flac                  who is heard when
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

    0 is success, 2 an error that a person can put right (one line on standard error), 3 a sound of
    which a part could not be read, 130 Ctrl-C.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with _ended_in_order():
            return _guarded(lambda: _dispatch(given))
    except BrokenPipeError:  # the reader of our output has gone, as in `soundglass ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def help_text() -> str:
    """Return what `soundglass --help` prints."""
    lines = [f"  {name:<10}{text}" for name, text in COMMANDS.items()]
    return _HELP.format(commands="\n".join(lines))


def _dispatch(given: list[str]) -> int:
    if not given or given[0] in ("-h", "--help", "help"):
        print(help_text(), end="")
        return 0
    name = given[0]
    if name == "--version":
        from importlib.metadata import version

        print(f"soundglass {version('soundglass')}")
        return 0
    if name not in COMMANDS:
        kind = "option" if name.startswith("-") else "command"
        known = ("--help", "--version") if kind == "option" else tuple(COMMANDS)
        hint = did_you_mean(name, known) or f" Known are {', '.join(known)}."
        raise UserError(f"there is no {kind} {name}.{hint}")
    command = cast(Command, import_module(f"live.commands.{name}"))
    return command.run(command.parser().parse(given[1:]))


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a request to end (SIGTERM) tidy up as Ctrl-C does, instead of killing at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except UserError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        _say("stopped.")
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:
        line = _plain_line(error)
        if line is None:
            raise
        _say(line)
        return 2


def _plain_line(error: Exception) -> str | None:
    """Return the line for an error of the engine or the system, None for a fault of the program."""
    for module, name in _ENGINE_ERRORS:
        loaded = sys.modules.get(module)  # it is, if it raised
        if loaded is not None and isinstance(error, getattr(loaded, name)):
            return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        from pathlib import Path

        from live.write_whole import unwritable

        return str(unwritable(Path(str(error.filename)), error))
    return None


def _say(line: str) -> None:
    print(f"soundglass: {' '.join(line.split())}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
