"""The window on a real session: real models (tiny ones), the built-in soundscape, real files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

pytest.importorskip("PyQt6.QtWidgets")

from PIL import Image
from PyQt6.QtCore import Qt

from engine import trace
from engine.bundle.load import load_bundle
from live.settings.model import Settings
from live.show.session import Session
from live.window.main import ShowWindow
from tests.until import STOPS_IN_S, until

Key = Qt.Key
ROOT = Path(__file__).parents[3]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for caches, recordings and snapshots."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CACHE_HOME", "XDG_PICTURES_DIR", "XDG_VIDEOS_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


@pytest.fixture
def session(small_bundle: Path, home: Path) -> Iterator[Session]:
    """A running show of the built-in soundscape."""
    made = Session(Settings(input="demo", runtime="onnxruntime"), load_bundle(str(small_bundle)))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def window(qtbot, session: Session) -> Iterator[ShowWindow]:
    """The window on that show, once it has painted."""
    made = ShowWindow(session, session.settings)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: session.view().pictures is not None)
    yield made
    made.close()


def test_pictures_and_panels_of_a_real_session_are_drawn(
    window: ShowWindow, session: Session, qtbot
) -> None:
    drawn = len(window.scene.draw_ms)
    version = window.scene.fade_state(0.0)[0]
    qtbot.waitUntil(lambda: window.scene.fade_state(0.0)[0] > version + 2)
    assert len(window.scene.draw_ms) > drawn
    qtbot.waitUntil(lambda: bool(window.overlay.frames))
    shown = {frame.panel.track_id: frame.panel.slot for frame in window.overlay.frames}
    qtbot.wait(600)
    after = {frame.panel.track_id: frame.panel.slot for frame in window.overlay.frames}
    assert all(after[track] == place for track, place in shown.items() if track in after)


def test_keys_reach_the_session(window: ShowWindow, session: Session, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_Space)
    qtbot.waitUntil(lambda: session.view().status.frozen)
    for _ in range(2):  # what was being painted at that moment is still shown
        held = session.view().pictures
        for _ in range(3):
            heard = session.view().hearing
            qtbot.waitUntil(lambda heard=heard: session.view().hearing is not heard)
            qtbot.waitUntil(lambda: session._pipeline.mailbox.peek() is None)
    assert session.view().pictures is held
    qtbot.keyClick(window, Key.Key_Space)
    qtbot.waitUntil(lambda: session.view().pictures is not held)
    qtbot.keyClick(window, Key.Key_Up)
    assert session.view().status.sensitivity_db == 3.0
    qtbot.keyClick(window, Key.Key_H)
    qtbot.waitUntil(lambda: bool(window.overlay.hud_rows))
    rows = dict(window.overlay.hud_rows)
    assert rows["listening to"] == session.view().status.input_name
    assert "onnxruntime" in rows["models"]


def test_snapshot_and_recording_are_real_files(window: ShowWindow, session: Session, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_S)
    qtbot.waitUntil(lambda: window.overlay.note_text.startswith("saved "))
    saved = Path(window.overlay.note_text.removeprefix("saved "))
    with Image.open(saved) as image:
        assert image.size[0] >= 640
    qtbot.keyClick(window, Key.Key_R)
    qtbot.waitUntil(lambda: session.view().status.recording)
    kept = trace.start()
    qtbot.waitUntil(lambda: sum(e["name"] == "record" for e in kept.events()) > 10)
    trace.stop()
    qtbot.keyClick(window, Key.Key_R)
    qtbot.waitUntil(lambda: window.overlay.note_text.startswith("recorded "))
    recorded = Path(window.overlay.note_text.removeprefix("recorded "))
    import av

    with av.open(str(recorded)) as movie:
        assert sum(1 for _ in movie.decode(video=0)) > 5


def test_a_file_that_cannot_be_heard_is_one_line(
    window: ShowWindow, session: Session, tmp_path: Path, qtbot
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF, but no more")
    before = session.view().status.input_name
    window.commands.use_input(str(broken))
    qtbot.waitUntil(lambda: "broken.wav" in window.overlay.note_text)
    assert "\n" not in window.overlay.note_text
    assert session.view().status.input_name == before
    assert window.isVisible()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_the_program_in_time(
    number: signal.Signals, small_bundle: Path, home: Path
) -> None:
    recording = home / "show.mp4"
    show = subprocess.Popen(
        [
            *(sys.executable, "-m", "live.program", "live", "--input", "demo"),
            *("--runtime", "onnxruntime", "--bundle", str(small_bundle)),
            *("--record", str(recording)),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(
            lambda: show.poll() is not None
            or (recording.exists() and recording.stat().st_size > 20_000)
        )
        assert show.poll() is None, show.stderr.read() if show.stderr else ""
        began = time.monotonic()
        show.send_signal(number)
        _, said = show.communicate()
        took = time.monotonic() - began
    finally:
        show.kill()
        show.wait()
    assert show.returncode == 128 + number
    assert "Traceback" not in said
    assert took < STOPS_IN_S
    import av

    with av.open(str(recording)) as movie:
        assert sum(1 for _ in movie.decode(video=0)) > 1
