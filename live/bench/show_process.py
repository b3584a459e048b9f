"""A live show without a window that notes how old the sound of each picture is.

Started by `live/bench/show.py` as `python -m live.bench.show_process JOB`; reports in one line.
"""

from __future__ import annotations

import json
import sys
import time

from engine.bundle.load import load_bundle
from live.bench.child import child_job
from live.output.trace_file import record_trace
from live.show.session import Session

WARM_S = 3.0
"""The beginning does not count: everything is first used there."""
POLL_S = 0.004


def main(argument: str) -> None:
    """Run the show and print the report."""
    settings, seconds = child_job(argument)
    with record_trace(settings.trace):
        session = Session(settings, load_bundle(settings.bundle))
        session.start()
        try:
            time.sleep(WARM_S)
            report = watch(session, seconds)
        finally:
            session.stop()
    print(json.dumps(report))


def watch(session: Session, seconds: float) -> dict:
    """Note for so many seconds how old the sound of each new picture is, and what is lost."""
    ages_ms: list[float] = []
    hearing_ms: list[float] = []
    given_up: dict[str, int] = {}
    seen = -1
    first = session.view().status
    painted, began_s = session.pictures_painted, time.monotonic()
    looks = 0
    while time.monotonic() < began_s + seconds:
        view = session.view()
        if view.pictures is not None and view.pictures.stamp.window_id > seen:
            # The first picture of a hearing; its later ones only move on from it.
            seen = view.pictures.stamp.window_id
            ages_ms.append(1000 * (view.pictures_at_s - view.pictures.stamp.captured_at_s))
            hearing_ms.append(view.pictures.timings_ms.get("hear", 0.0))
            for what in view.status.given_up:
                given_up[what] = given_up.get(what, 0) + 1
            looks += 1
        time.sleep(POLL_S)
    passed_s = time.monotonic() - began_s
    last = session.view().status
    return {
        "seconds": passed_s,
        "ages_ms": ages_ms,
        "hearing_ms": hearing_ms,
        "scenes_per_s": (session.pictures_painted - painted) / passed_s,
        "lost_samples": last.lost_samples,
        "sound_s": last.sound_s - first.sound_s,
        "dropped": last.dropped - first.dropped,
        "runtime": last.runtime,
        "input": last.input_name,
        "given_up": {what: count / max(1, looks) for what, count in given_up.items()},
    }


if __name__ == "__main__":
    main(sys.argv[1])
