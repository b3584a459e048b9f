"""What a person can put right ends a command with one line and exit code 2, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.bundle import BundleError, ModelError


class InputError(ValueError):
    """Something that a command was given, and what to give it instead."""


@contextmanager
def plain_errors() -> Iterator[None]:
    """Around a command's `main`: what is missing, unreadable or damaged is said in one line.

    Ends with exit code 2 then, and with 130 after Ctrl-C. Faults of the program keep their
    traceback.
    """
    try:
        yield
    except (InputError, BundleError, ModelError, OSError) as error:
        print(f"error: {_line(error)}", file=sys.stderr)
        raise SystemExit(2) from error
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        raise SystemExit(130) from None


def _line(error: Exception) -> str:
    """One line; what the system says of a file begins with its name."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())
