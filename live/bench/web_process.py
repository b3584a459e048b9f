"""A show with its page, and those who look at it: none at first, then as many as it is told.

Started by `live/bench/web.py` as `python -m live.bench.web_process JOB`; reports in one line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from engine.bundle.load import load_bundle
from live.bench.child import child_job, child_more
from live.bench.show_process import WARM_S, watch
from live.control.desk import Desk
from live.errors import UserError
from live.show.session import Session
from live.web.server import WebServer


def main(argument: str) -> None:
    """Run the show and print the report."""
    settings, seconds = child_job(argument)
    more = child_more(argument)
    session = Session(settings, load_bundle(settings.bundle))
    session.start()
    desk = Desk(session)
    try:
        server = WebServer(desk, "127.0.0.1", 0)
        server.start()
        try:
            time.sleep(WARM_S)
            phases = [_phase(session, server, n, more["rate"], seconds) for n in more["lookers"]]
        finally:
            server.stop()
    finally:
        desk.stop()
        session.stop()
    print(json.dumps({"phases": phases, "lookers": more["lookers"]}))


def _phase(
    session: Session, server: WebServer, count: int, rate: float, seconds: float
) -> dict[str, object]:
    with _lookers(server.port, count, rate):
        server.metrics.newest_s.clear()
        noted = watch(session, seconds)
        noted["drawn_ms"] = [1000 * late_s for late_s in server.metrics.newest_s]
    return noted


@contextmanager
def _lookers(port: int, count: int, rate: float) -> Iterator[None]:
    """Keep so many viewers looking, from the first picture that the browser has drawn."""
    if not count:
        yield
        return
    command = [sys.executable, "-m", "live.bench.web_lookers", str(port), str(count), str(rate)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "looking\n":
            raise UserError("the viewers could not look.")
        yield
    finally:
        process.communicate()  # its standard input ends, and it with that


if __name__ == "__main__":
    main(sys.argv[1])
