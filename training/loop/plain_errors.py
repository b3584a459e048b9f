"""What a person can put right ends a command with one line and exit code 2, no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.bundle.load import BundleError, ModelError
from engine.system.outside import outside_fault
from engine.system.terminal import deliver_output, print_error


class InputError(ValueError):
    """Something that a command was given, and what to give it instead."""


@contextmanager
def plain_errors(who: str = "error") -> Iterator[None]:
    """Around a command's `main`: what is missing, unreadable or damaged is said in one line.

    Ends with exit code 2 then, and with 130 after Ctrl-C; with 0 where whoever read what it prints
    has gone. Faults of the program keep their traceback. who: what the line begins with.
    """
    try:
        with deliver_output():
            yield
    except BrokenPipeError:
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        print_error("", "stopped")
        raise SystemExit(130) from None
    except Exception as error:
        line = plain_line(error)
        if line is None:
            raise
        print_error(who, line)
        raise SystemExit(2) from error


def plain_line(error: Exception) -> str | None:
    """Return the line for what a person can put right, None for a fault of the program."""
    if isinstance(error, InputError | BundleError | ModelError):
        return " ".join(str(error).split())
    return outside_fault(error)
