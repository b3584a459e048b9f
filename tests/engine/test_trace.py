"""The trace: what threads did lands on their tracks, and nothing is kept while nobody asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from engine import trace


@pytest.fixture(autouse=True)
def off_afterwards() -> Iterator[None]:
    """No trace is left running for other tests."""
    yield
    trace.stop()


def test_nothing_is_made_or_kept_while_nobody_asks() -> None:
    assert not trace.is_tracing()
    assert trace.span("hear") is trace.span("paint", window=3)
    with trace.span("hear"):
        trace.note("encode", 0.0, 1.0)
    kept = trace.start()
    assert len(kept) == 0


def test_each_thread_has_its_track_with_its_name() -> None:
    kept = trace.start()

    def work() -> None:
        with trace.span("outer", window=7), trace.span("inner"):
            time.sleep(0.01)

    threads = [threading.Thread(target=work, name=name) for name in ("hearing", "painting")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trace.stop()
    with trace.span("later"):
        pass
    events = list(kept.events())
    names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    assert sorted(names.values()) == ["hearing", "painting"]
    done = [e for e in events if e["ph"] == "X"]
    assert len(done) == 4
    for number in names:
        inner, outer = (e for e in done if e["tid"] == number)
        assert (inner["name"], outer["name"]) == ("inner", "outer")
        assert outer["args"] == {"window": 7}
        assert outer["ts"] <= inner["ts"]
        assert inner["ts"] + inner["dur"] <= outer["ts"] + outer["dur"]
        assert inner["dur"] >= 9_000


def test_what_raises_is_kept_too() -> None:
    kept = trace.start()
    with pytest.raises(ValueError, match="no"), trace.span("hear"):
        raise ValueError("no")
    assert len(kept) == 1


def test_moments_of_stamps_are_on_the_same_clock() -> None:
    kept = trace.start()
    now_s = time.monotonic()
    with trace.span("here"):
        pass
    after_s = time.monotonic()
    trace.note_elsewhere("capture process", "capture", now_s - 0.5, now_s, samples=24000)
    trace.note_interval("sound to picture", 4, now_s - 0.2, now_s)
    events = {e["name"] + e["ph"]: e for e in kept.events()}
    here, there = events["hereX"], events["captureX"]
    assert there["dur"] == pytest.approx(500_000)
    assert 0 <= here["ts"] - (there["ts"] + there["dur"]) <= 1e6 * (after_s - now_s)
    began, ended = events["sound to pictureb"], events["sound to picturee"]
    assert ended["ts"] - began["ts"] == pytest.approx(200_000)
    assert began["id"] == ended["id"] == 4
    assert began["tid"] != here["tid"]


def test_the_oldest_go_first() -> None:
    kept = trace.start(keep=3)
    for number in range(5):
        trace.note(f"{number}", 0.0, 1.0)
    assert [e["name"] for e in kept.events() if e["ph"] == "X"] == ["2", "3", "4"]
    assert kept.is_full
