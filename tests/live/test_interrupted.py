"""Ctrl-C, SIGTERM and a hang-up at every moment of a start and of a show: one code, whole files."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.watched import ROOT

AT = """
import os, signal, sys
_what, _number = os.environ["SIGNAL_AT"], int(os.environ["SIGNAL"])
_me = os.getpid()

def _look(event, given):
    global _what
    if event in ("import", "open", "subprocess.Popen") and os.getpid() == _me:
        if _what and _what in f"{event} {given[0]}":
            _what = ""
            os.kill(_me, _number)

if not os.environ.get("SIGNAL_SEEN"):
    os.environ["SIGNAL_SEEN"] = "1"
    sys.addaudithook(_look)
"""
"""Asks a process to end when it imports, opens or starts something; its children do not."""
STARTING = (
    "import live.cli", "import live.settings.options", "import engine.bundle.load", "import numpy",
    "import numpy.random", "import live.files.offline", "import engine.runtimes.openvino",
    "import openvino", "import openvino.op", "import onnxruntime", "open {bundle}/bundle.json",
    "open {bundle}/vocabulary.npy", "open {bundle}/separator.onnx", "open {bundle}/encoder.onnx",
    "subprocess.Popen",
)  # fmt: skip
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
COMMANDS = {
    "describe": "describe demo",
    "live": "live --headless --input demo --duration 100",
    "window": "live --input demo --duration 100",
}


def start(
    arguments: list[str], env: Mapping[str, str] = os.environ, ignored: bool = False
) -> subprocess.Popen[str]:
    """Start `soundglass ARGUMENTS` with signals as a terminal gives them; ignored: a hang-up."""

    def signals() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)

    return subprocess.Popen(
        [sys.executable, "-m", "live.program", *arguments],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=signals,
    )  # fmt: skip


def until(what: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 90) -> None:
    """Wait for something while the process runs."""
    end = time.monotonic() + seconds
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("command", list(COMMANDS))
@pytest.mark.timeout(600)
def test_while_it_starts(
    command: str, number: signal.Signals, small_bundle: Path, tmp_path: Path
) -> None:
    pytest.importorskip("openvino")
    (tmp_path / "sitecustomize.py").write_text(AT)
    arguments = [*COMMANDS[command].split(), "--bundle", str(small_bundle)]
    arguments += ["--runtime", "openvino"]
    first = SIGNALS.index(number)  # each signal has every third moment
    for moment in STARTING[first::3]:
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
            "SIGNAL_AT": moment.format(bundle=small_bundle), "SIGNAL": str(int(number)),
            "XDG_CACHE_HOME": str(tmp_path / "cache"), "QT_QPA_PLATFORM": "offscreen",
        }  # fmt: skip
        process = start(arguments, env=env)
        try:
            _, said = process.communicate(timeout=90)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"at {moment!r} it did not end: {process.communicate()}") from None
        assert process.returncode == 128 + number, (moment, said)
        assert "Traceback" not in said, (moment, said)
        assert "Exception" not in said, (moment, said)


def show(bundle: Path, folder: Path) -> list[str]:
    """Arguments of a show that records, traces and tells."""
    return [
        *("live", "--headless", "--input", "demo", "--bundle", str(bundle)),
        *("--runtime", "onnxruntime", "--record", str(folder / "a.mp4")),
        *("--trace", str(folder / "t.json"), "--events", str(folder / "e.jsonl")),
    ]


def hearings(folder: Path) -> list[dict]:
    """The events that were written, all of them whole."""
    with contextlib.suppress(FileNotFoundError):
        text = (folder / "e.jsonl").read_text()
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]
    return []


def whole(folder: Path, heard_s: float) -> None:
    """See that the trace is there, every event is whole and the recording has every second."""
    import av

    assert json.loads((folder / "t.json").read_text())["traceEvents"]
    assert (folder / "e.jsonl").read_text().endswith("\n")
    with av.open(str(folder / "a.mp4")) as movie:
        sound_s = sum(frame.samples for frame in movie.decode(audio=0)) / 48_000
    assert sound_s >= heard_s - 0.3
    assert {path.name for path in folder.iterdir()} == {"a.mp4", "t.json", "e.jsonl"}


@pytest.mark.parametrize("number", SIGNALS)
def test_a_show_is_finished_in_order(
    number: signal.Signals, small_bundle: Path, tmp_path: Path
) -> None:
    process = start(show(small_bundle, tmp_path))
    until(lambda: len(hearings(tmp_path)) > 15, process)
    before = hearings(tmp_path)
    process.send_signal(number)
    process.send_signal(number)  # who is impatient loses nothing
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number, said
    assert said.count("\n") == 1, said
    whole(tmp_path, before[-1]["t"] - before[0]["t"])


def test_a_terminal_that_closes_loses_nothing(small_bundle: Path, tmp_path: Path) -> None:
    """With a real one: everything that is said after its end is an error of the system."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_TERMINAL, *show(small_bundle, tmp_path)],
        cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, text=True,
    )  # fmt: skip
    os.close(theirs)
    until(lambda: len(hearings(tmp_path)) > 15, process)
    before = hearings(tmp_path)
    os.close(ours)
    assert process.wait(60) == 128 + signal.SIGHUP
    whole(tmp_path, before[-1]["t"] - before[0]["t"])


ON_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from live.program import main
main()
"""


def test_nohup_outlives_its_terminal(small_bundle: Path, tmp_path: Path) -> None:
    process = start(show(small_bundle, tmp_path), ignored=True)
    until(lambda: len(hearings(tmp_path)) > 5, process)
    process.send_signal(signal.SIGHUP)
    seen = len(hearings(tmp_path))
    until(lambda: len(hearings(tmp_path)) > seen + 10, process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
