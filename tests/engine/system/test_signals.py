"""One signal asks for the end: it is raised, held, told, and sent again where it was lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.system import signals

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def taken_signals() -> Iterator[None]:
    """Signals as a terminal gives them, taken for the test."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with signals.handle_signals():
        yield
    signal.signal(signal.SIGINT, before)


def ask(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_raised_once_and_tells_the_code(number: int) -> None:
    assert signals.exit_code(7) == 7
    with pytest.raises(KeyboardInterrupt):
        ask(number)
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        ask(signal.SIGINT)  # while tidying up
        ask(signal.SIGHUP)
        signals.mark_finished()
    ask()
    assert signals.exit_code(0) == 128 + number


def test_held_it_comes_at_the_end_of_the_block_and_released_at_once() -> None:
    done = []

    def work() -> None:
        with signals.hold_signals():
            ask()
            done.append("whole")
            with signals.hold_signals():
                done.append("inner")
            done.append("both")
            with signals.release_signals():
                done.append("too far")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["whole", "inner", "both"]


def test_another_threads_block_holds_nothing() -> None:
    entered, go = threading.Event(), threading.Event()

    def hold() -> None:
        with signals.hold_signals():
            entered.set()
            go.wait(60)

    holding = threading.Thread(target=hold)
    holding.start()
    entered.wait(60)
    with pytest.raises(KeyboardInterrupt):
        ask()
    go.set()
    holding.join()
    signals.mark_finished()


def test_whoever_wants_to_be_told_is_told_also_of_what_came_before() -> None:
    asked = []
    with signals.hold_signals():
        ask()
        with signals.notify_on_signal(lambda: asked.append("early")):
            ask()
    assert asked == ["early"]
    assert signals.end_requested()


def test_one_lost_in_a_destructor_comes_again() -> None:
    class Swallows:
        def __del__(self) -> None:
            ask()

    def work() -> None:
        swallows = Swallows()
        del swallows
        until = time.monotonic() + 60
        while time.monotonic() < until:
            time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt):
        work()
    signals.mark_finished()


def test_what_the_interruption_makes_necessary_is_not_interrupted() -> None:
    done = []

    def work() -> None:
        try:
            ask()
        finally:
            until = time.monotonic() + 4 * signals.REMIND_S
            while time.monotonic() < until:  # the reminder comes meanwhile
                time.sleep(0.01)
            done.append("tidy")

    with pytest.raises(KeyboardInterrupt):
        work()
    signals.mark_finished()
    assert done == ["tidy"]


LEAVES = """
import sys
from engine.system import signals
from engine.runtimes.open import load_model
from pathlib import Path
kept = load_model(Path(sys.argv[1]), "openvino")
setattr(sys, "kept", [kept, kept._request])
print("said", end="")
signals.exit_now(7)
"""


def test_leaving_writes_what_was_said_and_tells_nothing_of_what_is_alive(
    small_bundle: Path,
) -> None:
    pytest.importorskip("openvino")
    done = subprocess.run(
        [sys.executable, "-c", LEAVES, str(small_bundle / "encoder.onnx")],
        cwd=ROOT, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (7, "said", "")


_WHILE_A_LIBRARY_STARTS = """
import os, signal, sys
from engine.system import signals

signals.take_signals()
inside, sent = [], []

def watch(frame, event, given):
    name = getattr(given, "__name__", "")
    if event == "c_call" and name == "exec_dynamic":
        inside.append(any("soxr_ext" in repr(each) for each in frame.f_locals.get("args", ())))
    elif event in ("c_return", "c_exception") and name == "exec_dynamic":
        inside.pop()
    elif event == "call" and frame.f_code.co_name == "_create_" and any(inside) and not sent:
        sent.append(True)  # Python code of its own, on the library's way up
        os.kill(os.getpid(), signal.SIGTERM)

sys.setprofile(watch)
try:
    import soxr
except KeyboardInterrupt:
    sys.setprofile(None)
    signals.exit_now(signals.exit_code(0) if sent else 1)
signals.exit_now(2)
"""


def test_a_library_that_is_starting_starts_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WHILE_A_LIBRARY_STARTS], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, "")
