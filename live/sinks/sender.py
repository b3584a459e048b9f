"""The process of one sink: what is shown, and the sound, to one address.

Started by `live/sinks/process.py` as `python -m live.sinks.sender`. It gets its job as a line of
JSON on standard input, says how it goes in such lines on standard output, and ends when the other
side takes no more, or when its standard input ends: whatever goes wrong is mended by starting a new
one.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from typing import Any, TextIO

from live.errors import UserError
from live.film.forms import NICE
from live.film.packets import SharedPackets
from live.film.shared_frames import SharedFrames
from live.input.shared_ring import SharedRing
from live.sinks.address import Address, Kind
from live.sinks.sending import Report, send_pictures, send_stream

END_S = 2.0
"""So long may the end of a stream take."""


def main() -> int:
    """Send until it is told to end (0) or the other side takes no more (1)."""
    reports = _take_output()
    over = threading.Event()
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_show, args=(over,), daemon=True).start()
    with contextlib.suppress(OSError, AttributeError):  # there is no such thing on Windows
        os.nice(NICE)

    def report(**what: object) -> None:
        reports.write(json.dumps(what) + "\n")
        reports.flush()

    try:
        _send(job, over, report)
    except UserError as error:
        report(error=str(error))
        return 1
    except BrokenPipeError:  # the show is gone
        return 1
    except Exception as error:
        report(error=f"{type(error).__name__}: {error}")
        return 1
    return 0


def _send(job: dict[str, Any], over: threading.Event, report: Report) -> None:
    address, shared = Address(Kind(job["kind"]), job["where"], ""), SharedRing(job["ring"])
    if "packets" in job:
        send_stream(address, SharedPackets(job["packets"]), shared.ring, over, report)
    else:
        frames = SharedFrames(job["frames"], job["width"], job["height"])
        send_pictures(address, frames, shared.ring, over, report)


def _take_output() -> TextIO:
    """Return standard output for reports alone; what libraries print goes nowhere."""
    reports = os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return reports


def _end_with_show(over: threading.Event) -> None:
    """Wait until the show wants no more, or is gone; end for certain soon after."""
    sys.stdin.buffer.read()
    over.set()
    threading.Event().wait(END_S)
    os.killpg(0, signal.SIGKILL)  # this process leads a group of its own, with what it started


if __name__ == "__main__":
    code = main()
    # What a library still does at its end may hang.
    os._exit(code)
