"""Command lines: help and complaints that act on no terminal, and numbers that make sense.

A run of minus one minute would never end.
"""

from __future__ import annotations

import argparse
import math
import sys
from typing import Any, NoReturn

from engine.system.terminal import print_error, say


def _typed_command() -> str | None:
    """What a person typed to run the module that is run, `python -m training.evaluate`."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is None or spec.name.split(".")[0] not in ("training", "export"):
        return None
    return f"python -m {spec.name.removesuffix('.__main__')}"


class CommandParser(argparse.ArgumentParser):
    """A parser that complains in one line, and calls the command as it was typed."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"prog": _typed_command(), **given})

    def print_help(self, file: Any = None) -> None:
        """Print the help; one that cannot be printed is an OSError, not silence."""
        say(self.format_help().rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with exit code 2."""
        print_error(f"{self.prog}: error", f"{message}; see --help")
        raise SystemExit(2)


def duration(text: str) -> float:
    """Minutes or hours, 0 or more."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (0 <= number < math.inf):
        raise argparse.ArgumentTypeError(f"{text} is no length of time: give a number from 0 up")
    return number


def count(text: str) -> int:
    """A whole number, 1 or more."""
    number = int(text) if text.strip().isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of things: give 1 or more")
    return number


def whole(text: str) -> int:
    """A whole number, 0 or more."""
    return 0 if text.strip() == "0" else count(text)
