"""A live show without a window whose outputs come and go, and that notes how old its sound is.

Started by `live/bench/outputs/comparison.py` as `python -m live.bench.outputs.process JOB`;
reports in one line.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from engine.bundle.load import load_bundle
from live.bench.child import child_job, child_more
from live.machine.memory import process_tree, processor_s
from live.show.session import Session

POLL_S = 0.004


def main(argument: str) -> None:
    """Run the show and print the report."""
    settings, seconds = child_job(argument)
    more = child_more(argument)
    wanted = replace(settings, input="demo", headless=True, wait=False)
    session = Session(wanted, load_bundle(wanted.bundle))
    session.start()
    try:
        turn_s = seconds / (2 * more["turns"])
        time.sleep(more["settle_s"])
        report = _take_turns(session, more["outs"], more["turns"], turn_s, more["settle_s"])
    finally:
        session.stop()
    print(json.dumps(report))


def _take_turns(
    session: Session, outs: list[str], turns: int, turn_s: float, settle_s: float
) -> dict:
    ages_ms: tuple[list[float], list[float]] = [], []
    painted, counted_s = [0, 0], [0.0, 0.0]
    others_s, composed = 0.0, 0
    with tempfile.TemporaryDirectory(prefix="soundglass-") as folder:
        for turn in range(2 * turns):
            sends = turn % 2
            if sends:
                session.sinks.send_to(outs)
                session.start_recording(Path(folder) / f"{turn}.mp4")
            time.sleep(settle_s)
            before, began_s = session.pictures_painted, time.monotonic()
            busy_s, shown = _others_s(), _number(session)
            ages_ms[sends].extend(_ages(session, began_s + turn_s - settle_s))
            painted[sends] += session.pictures_painted - before
            counted_s[sends] += time.monotonic() - began_s
            if sends:
                others_s += _others_s() - busy_s
                composed += _number(session) - shown
                session.stop_recording()
                session.sinks.send_to(())
    return {
        "runtime": session.view().status.runtime,
        "ages_ms": ages_ms,
        "outputs_processor_s": others_s,
        "outputs_s": counted_s[1],
        "composed": composed,
        "scenes_per_s": [count / s for count, s in zip(painted, counted_s, strict=True)],
    }


def _others_s() -> float:
    """Return the processor time of all that the show has started: what composes, and what sends."""
    return sum(processor_s(pid) for pid in process_tree(os.getpid())[1:])


def _number(session: Session) -> int:
    frame = session.stage.newest
    return frame.number if frame is not None else 0


def _ages(session: Session, until_s: float) -> list[float]:
    ages_ms, seen = [], -1
    while time.monotonic() < until_s:
        view = session.view()
        if view.pictures is not None and view.pictures.stamp.window_id > seen:
            if seen >= 0:  # the first picture of a hearing; the one under way may be a later one
                age_s = view.pictures_at_s - view.pictures.stamp.captured_at_s
                ages_ms.append(1000 * age_s)
            seen = view.pictures.stamp.window_id
        time.sleep(POLL_S)
    return ages_ms


if __name__ == "__main__":
    main(sys.argv[1])
