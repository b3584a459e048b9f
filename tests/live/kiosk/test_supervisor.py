"""Our own supervisor, with programs that do what shows do at their worst."""

import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from live.kiosk.supervisor import Supervisor
from tests.until import STOPS_IN_S, until

TELL = "from live.kiosk.notify import notify; import os, signal, time\n"


@pytest.fixture
def supervise(monkeypatch) -> Iterator[Callable[[str, float], list[tuple[str, bool]]]]:
    """Supervise a Python program; return the list of how it has ended."""
    monkeypatch.setattr("live.kiosk.supervisor.AGAIN_S", 0.05)
    running = []

    def begin(program: str, patience_s: float = 60.0) -> list[tuple[str, bool]]:
        ended: list[tuple[str, bool]] = []
        supervisor = Supervisor(
            [sys.executable, "-c", TELL + program],
            patience_s,
            lambda why, failed: ended.append((why, failed)),
        )
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        running.append((supervisor, thread))
        return ended

    yield begin
    for supervisor, thread in running:
        supervisor.stop()
        thread.join(STOPS_IN_S)
        assert not thread.is_alive()


def test_it_comes_back_whatever_ends_it(supervise):
    ended = supervise("os.kill(os.getpid(), signal.SIGSEGV)")
    until(lambda: len(ended) >= 2)
    assert set(ended) == {("it was ended by SIGSEGV", True)}
    closed = supervise("notify(READY='1')")
    until(lambda: len(closed) >= 2)
    assert closed[0] == ("it was closed", False)


def test_one_that_says_nothing_any_more_is_ended_with_its_reason(supervise):
    ended = supervise(
        "notify(READY='1', WATCHDOG='1'); notify(STATUS='painting stands still: = 7 s')\n"
        "time.sleep(600)",
        1.0,
    )
    until(lambda: ended)
    assert ended[0] == ("the watchdog ended it: painting stands still: = 7 s", True)


def test_one_that_is_stopped_is_killed(supervise, monkeypatch):
    monkeypatch.setattr("live.kiosk.supervisor.END_S", 1.0)
    ended = supervise("notify(READY='1'); os.kill(os.getpid(), signal.SIGSTOP)", 1.0)
    until(lambda: ended)
    assert ended[0][1]


def test_one_that_goes_on_is_left_alone(supervise, tmp_path):
    ended = supervise(
        "notify(READY='1')\n"
        f"for n in range(10000): notify(WATCHDOG='1'); open({str(tmp_path / 'n')!r}, 'w')"
        ".write(str(n)); time.sleep(0.05)",
        30.0,
    )
    until(lambda: (tmp_path / "n").exists() and int((tmp_path / "n").read_text() or 0) > 40)
    assert not ended


def test_one_that_never_gets_ready_is_ended(supervise, monkeypatch):
    monkeypatch.setattr("live.kiosk.supervisor.START_S", 1.0)
    ended = supervise("time.sleep(600)")
    until(lambda: ended)
    assert ended[0] == ("the watchdog ended it: it did not get ready", True)


def test_what_cannot_be_started_is_said(monkeypatch):
    ended = []
    supervisor = Supervisor(["/nowhere/python"], 1.0, lambda *said: ended.append(said))
    monkeypatch.setattr("live.kiosk.supervisor.AGAIN_S", 0.01)
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    until(lambda: len(ended) > 1)
    supervisor.stop()
    thread.join(STOPS_IN_S)
    assert ended[0][0].startswith("it cannot be started: ")
