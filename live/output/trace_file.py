"""The trace of a show as a file that Perfetto and Chrome open: written whole, at the end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import trace
from live.paths.write_whole import check_writable, whole_file

SHOWN_AS = "ms"


@contextmanager
def record_trace(path: Path | None) -> Iterator[None]:
    """Trace what happens inside and write it at the end, however it ends; do nothing without path.

    Ctrl-C ends a show in order, so the file is whole then too; a show that is killed leaves none.

    Raises:
        UserError: the file cannot be written; found out before anything is traced.
    """
    if path is None:
        yield
        return
    check_writable(path)
    threading.current_thread().name = "main"
    recorded = trace.start()
    try:
        yield
    finally:
        trace.stop()
        write_trace(recorded, path)


def write_trace(recorded: trace.Trace, path: Path) -> None:
    """Write a trace, one event a line.

    Raises:
        UserError: it cannot be written.
    """
    about = {"whole": not recorded.is_full}
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(f'{{"displayTimeUnit": "{SHOWN_AS}", "otherData": {json.dumps(about)},\n')
        file.write('"traceEvents": [\n')
        for number, event in enumerate(recorded.events()):
            file.write(",\n" if number else "")
            file.write(json.dumps(event))
        file.write("\n]}\n")
