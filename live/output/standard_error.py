"""Lines for people on standard error. Nobody waits for it: its reader may have stopped reading."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from pathlib import Path

from engine.system.terminal import harmless, print_error
from live.output.line_file import LineFile
from live.output.line_writer import LineWriter


@contextmanager
def lines_to_people() -> Iterator[Callable[[str], None]]:
    """Yield what says a line; at the end those that wait are written, if they are taken soon."""
    if sys.stderr is None:  # closed by whoever started us
        yield lambda _: None
        return
    try:
        file = LineFile(Path("standard error"), sys.stderr)
        writer = LineWriter(file, "messages", lambda _: None)
    except (UnsupportedOperation, RuntimeError):
        # A stream in memory, put there by whoever calls us; or too little memory for a thread.
        yield lambda line: print_error("soundglass", line)
        return
    try:
        yield lambda line: writer.put(_one_line(line))
    finally:
        writer.close()


def _one_line(line: str) -> str:
    return f"soundglass: {harmless(line.strip())}"
