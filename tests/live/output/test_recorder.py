"""A recording that outlives a full disk, and one whose disk does not answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from engine.sound.ring import SampleRing
from live.film.sharing import SharedEncoding
from live.film.stage import Stage
from live.input.shared_ring import RING_HZ
from live.output.movie import Movie
from live.output.recorder import Recorder
from tests.live.compose.test_frame import view
from tests.live.small_disk import small_disk, until

ONE_FRAGMENT = 150_000
"""Bytes that hold the first second, and not many more."""


@pytest.fixture
def ring() -> Iterator[SampleRing]:
    """A ring into which a tone goes, in time."""
    made = SampleRing.create(30 * RING_HZ)
    over = threading.Event()

    def sound() -> None:
        began_s = time.monotonic()
        while not over.wait(0.02):
            at, now_s = made.written, time.monotonic()
            end = round((now_s - began_s) * RING_HZ)
            made.write(0.3 * np.sin(np.arange(at, end) / 17.0).astype(np.float32), now_s)

    thread = threading.Thread(target=sound)
    thread.start()
    yield made
    over.set()
    thread.join()


@pytest.fixture
def encoding() -> Iterator[SharedEncoding]:
    """What a plain show looks like."""
    stage = Stage(view, lambda line: None)
    yield SharedEncoding(stage)
    stage.close()


def seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return sum(frame.samples for frame in container.decode(audio=0)) / RING_HZ


def test_after_a_full_disk_a_new_file_is_begun(
    ring: SampleRing, encoding: SharedEncoding, tmp_path: Path
) -> None:
    path, said = tmp_path / "a.mp4", []
    with small_disk() as disk:
        disk.hold(ONE_FRAGMENT)
        recorder = Recorder(path, ring, encoding, said.append)
        until(lambda: said)
        assert "disk is full" in said[0] or str(path) in said[0]
        disk.hold(500)
        assert not recorder.running
        until(lambda: list(tmp_path.iterdir()) == [path])
        disk.make_room()
        until(lambda: recorder.running)
        recorder.stop()
    other = tmp_path / "a-2.mp4"
    assert sorted(tmp_path.iterdir()) == [other, path]
    assert seconds(path) > 0.5
    assert seconds(other) > 2.0
    assert len(said) == 2
    assert f"recording again, to {other}" in said[1]
    assert recorder.missing_s > 0.0


def test_no_file_is_left_that_holds_nothing(
    ring: SampleRing, encoding: SharedEncoding, tmp_path: Path
) -> None:
    path, said = tmp_path / "a.mp4", []
    with small_disk() as disk:
        disk.hold(500)
        recorder = Recorder(path, ring, encoding, said.append)
        until(lambda: said and not path.exists())
        disk.make_room()
        until(lambda: recorder.running)
        recorder.stop()
    assert list(tmp_path.iterdir()) == [path]
    assert seconds(path) > 2.0


def test_an_earlier_recording_is_never_overwritten(
    ring: SampleRing, encoding: SharedEncoding, tmp_path: Path
) -> None:
    path, said = tmp_path / "a.mp4", []
    (tmp_path / "a-2.mp4").write_text("of another day")
    with small_disk() as disk:
        disk.hold(ONE_FRAGMENT)
        recorder = Recorder(path, ring, encoding, said.append)
        until(lambda: said)
        disk.make_room()
        until(lambda: len(said) == 2)
        recorder.stop()
    assert (tmp_path / "a-2.mp4").read_text() == "of another day"
    assert seconds(tmp_path / "a-3.mp4") > 2.0


def test_stopping_while_the_disk_is_full(
    ring: SampleRing, encoding: SharedEncoding, tmp_path: Path
) -> None:
    said: list[str] = []
    with small_disk() as disk:
        disk.hold(ONE_FRAGMENT)
        recorder = Recorder(tmp_path / "a.mp4", ring, encoding, said.append)
        until(lambda: said)
        disk.hold(500)
        recorder.stop()
    assert recorder.missing_s > 0.0
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_a_disk_that_does_not_answer_is_not_waited_for(
    ring: SampleRing, encoding: SharedEncoding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, asked = threading.Event(), threading.Event()

    def stuck(movie: Movie, samples: object) -> None:
        asked.set()
        answers.wait()

    monkeypatch.setattr("live.output.recorder.STOP_S", 0.2)
    monkeypatch.setattr(Movie, "add_sound", stuck)
    said: list[str] = []
    recorder = Recorder(tmp_path / "a.mp4", ring, encoding, said.append)
    assert asked.wait(60.0)
    recorder.stop()
    assert not recorder.running
    assert "does not answer" in said[0]
    answers.set()


def test_a_recording_of_weeks_is_cut_into_clips_that_join_on(
    ring: SampleRing, encoding: SharedEncoding, tmp_path: Path
) -> None:
    path, said = tmp_path / "a.mp4", []
    path.write_bytes(b"of the show before")
    recorder = Recorder(path, ring, encoding, said.append, clip_bytes=ONE_FRAGMENT // 3)
    began = ring.written
    until(lambda: len(list(tmp_path.iterdir())) > 4)
    least_s = (ring.written - began) / RING_HZ
    recorder.stop()
    most_s = (ring.written - began) / RING_HZ
    assert path.read_bytes() == b"of the show before"
    clips = sorted(set(tmp_path.iterdir()) - {path})
    assert all(clip.name.startswith("a-20") for clip in clips)
    assert least_s - 0.3 < sum(map(seconds, clips)) < most_s + 0.3
    assert not said
    assert recorder.missing_s == 0.0
