"""The process of one sink: the newest picture, at a fixed rate, and the sound, to one address.

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
import time
from typing import Any, TextIO

from live.errors import UserError
from live.input.shared_ring import SharedRing
from live.sinks.address import Address, Kind
from live.sinks.clock import RATE, StreamClock, ticks
from live.sinks.output import open_output
from live.sinks.shared_frames import SharedFrames

NICE = 10
"""Behind hearing and painting: where the processor is short, pictures are left out here."""
REPORT_S = 1.0
END_S = 2.0
"""So long may the end of a stream take."""
WAIT_S = 0.05


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


def _send(job: dict[str, Any], over: threading.Event, report: Any) -> None:
    frames = SharedFrames(job["frames"], job["width"], job["height"])
    shared = SharedRing(job["ring"])
    frame = frames.newest()
    while not shared.ring.written or frame is None:
        if over.wait(WAIT_S):
            return
        frame = frames.newest()
    report(opens=True)
    address = Address(Kind(job["kind"]), job["where"], "")
    output = open_output(address, frames.width, frames.height, RATE)
    clock = StreamClock(shared.ring)
    reported_s = time.monotonic()
    for sent, number in enumerate(ticks(clock, RATE, over), 1):
        frame = frames.newest(frame.number) or frame
        output.add_picture(frame.picture, number)
        output.add_sound(clock.new_sound())
        if time.monotonic() - reported_s >= REPORT_S and output.taken:
            reported_s = time.monotonic()
            report(sent=sent)
    output.close()  # not after an error: it might wait for the other side


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
