"""Standard input, FIFOs and other pipes as sounds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from live.errors import UserError
from live.input.feeds import make_feed
from live.input.shared_ring import RING_HZ, SharedRing
from live.sounds.file import open_sound
from tests.live.damaged_sounds import (
    RATE,
    encoded,
    film,
    flac_of_unknown_length,
    melody,
    unfinished_wav,
)


@contextmanager
def written(path: Path, content: bytes, piece: int = 1 << 16, pause_s: float = 0.0) -> Iterator:
    """A FIFO into which a thread writes, as a program does that records."""
    os.mkfifo(path)

    def write() -> None:
        try:
            with path.open("wb", buffering=0) as pipe:
                for at in range(0, len(content), piece):
                    pipe.write(content[at : at + piece])
                    time.sleep(pause_s)
        except BrokenPipeError:
            pass

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    yield path
    thread.join(30)


def contents() -> dict[str, Callable[[], bytes]]:
    sound = melody()
    return {
        "a.wav": lambda: encoded(sound, "WAV", "PCM_16"),
        "unknown.wav": lambda: unfinished_wav(encoded(sound, "WAV", "PCM_16"), 0xFFFFFFFF),
        "a.flac": lambda: encoded(sound, "FLAC", "PCM_24"),
        "unknown.flac": lambda: flac_of_unknown_length(encoded(sound, "FLAC", "PCM_16")),
        "a.ogg": lambda: encoded(sound, "OGG", "VORBIS"),
        "chain.ogg": lambda: 2 * encoded(sound, "OGG", "OPUS"),
        "a.aiff": lambda: encoded(sound, "AIFF", "PCM_16"),
    }


@pytest.mark.parametrize("name", sorted(contents()))
@pytest.mark.parametrize("piece", [1000, 1 << 16])
def test_a_fifo_is_the_same_as_the_file(tmp_path: Path, name: str, piece: int) -> None:
    content = contents()[name]()
    (tmp_path / name).write_bytes(content)
    wanted = open_sound(tmp_path / name).samples()
    with written(tmp_path / "pipe", content, piece) as pipe:
        sound = open_sound(pipe, at_least_s=1.0)
        heard = sound.samples()
    np.testing.assert_array_equal(heard, wanted)
    assert sound.fault is None
    assert sound.frames == heard.size


@pytest.mark.parametrize("name", ["a.mp3", "a.webm"])
def test_so_is_one_whose_end_is_cut_by_its_header(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.mp3":
        path.write_bytes(encoded(melody(), "MP3"))
    else:
        film(path, "libopus", melody())
    wanted = open_sound(path).samples()
    with written(tmp_path / "pipe", path.read_bytes()) as pipe:
        heard = open_sound(pipe).samples()
    assert abs(heard.size - wanted.size) < 2500
    n = min(heard.size, wanted.size)
    np.testing.assert_allclose(heard[:n], wanted[:n], atol=1e-5)


def test_a_stream_is_read_once(tmp_path: Path) -> None:
    with written(tmp_path / "pipe", encoded(melody(), "WAV")) as pipe:
        sound = open_sound(pipe)
        sound.samples()
        with pytest.raises(UserError, match="comes only once"):
            sound.samples()


def test_what_needs_winding_back_is_told_so(tmp_path: Path) -> None:
    path = film(tmp_path / "a.m4a", "aac", melody())
    with (
        written(tmp_path / "pipe", path.read_bytes()) as pipe,
        pytest.raises(UserError, match="through a pipe no M4A"),
    ):
        open_sound(pipe)


def test_reading_a_pipe_ends_when_it_is_stopped(tmp_path: Path) -> None:
    content = unfinished_wav(encoded(melody(), "WAV"), 0xFFFFFFFF)
    with written(tmp_path / "pipe", content) as pipe:
        held = os.open(pipe, os.O_RDWR)  # whoever else may write to it, it has no end
        sound = open_sound(pipe)
        blocks = sound.blocks()
        next(blocks)
        threading.Timer(0.3, sound.stop).start()
        assert sum(block.size for block in blocks) <= 3 * RATE
        os.close(held)


@pytest.fixture
def shared() -> Iterator[SharedRing]:
    shared = SharedRing.create()
    yield shared
    shared.close()


def test_a_live_stream_is_played_as_it_comes_with_silence_where_it_stops(
    tmp_path: Path, shared: SharedRing
) -> None:
    sound = melody(2.0)
    content = unfinished_wav(encoded(sound, "WAV", "FLOAT"), 0xFFFFFFFF)
    half = len(content) // 2
    os.mkfifo(tmp_path / "pipe")
    go_on = threading.Event()

    def write() -> None:
        with (tmp_path / "pipe").open("wb", buffering=0) as pipe:
            pipe.write(content[:half])
            go_on.wait(60)
            pipe.write(content[half:])

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    feed = make_feed(shared, str(tmp_path / "pipe"), 4.0)
    feed.start()
    try:
        # It stands still: silence goes on by the clock, and a line says what is waited for.
        until(lambda: feed.message is not None and "waiting for" in feed.message)
        before = shared.ring.written
        until(lambda: shared.ring.written > before + RING_HZ // 2)
        go_on.set()
        until(lambda: feed.ended)
    finally:
        go_on.set()
        feed.stop()
        writer.join(10)
    heard = shared.ring.read(0, feed.end_sample)  # type: ignore[attr-defined]
    begin = np.flatnonzero(heard)[0]
    kept = heard[heard != 0]
    assert begin < RING_HZ
    np.testing.assert_array_equal(kept, sound[sound != 0])
    assert heard.size > sound.size + RING_HZ // 2
    assert shared.ring.lost == 0


def until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def command(*arguments: str, **more) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "live.program", *arguments, "--runtime", "onnxruntime"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell that starts the tests in its background has them ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **more,
    )


def test_describe_reads_standard_input(small_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(flac_of_unknown_length(encoded(melody(5.0), "FLAC")))
    with subprocess.Popen(["cat", str(tmp_path / "a.flac")], stdout=subprocess.PIPE) as cat:
        done = command("describe", "-", "--bundle", str(small_bundle), stdin=cat.stdout)
        out, err = done.communicate()
    assert done.returncode == 0, err
    assert "standard input: 5.0 s, 48000 Hz" in out
    assert err == ""


@pytest.mark.parametrize("kind", ["describe", "live"])
def test_ctrl_c_ends_the_wait_for_a_pipe_that_never_delivers(
    small_bundle: Path, tmp_path: Path, kind: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    where = {"describe": ["pipe"], "live": ["--input", "./pipe", "--headless"]}[kind]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}
    done = command(kind, *where, "--bundle", str(small_bundle), cwd=tmp_path, env=environment)
    # Someone who opens it for writing gets through once it is open for reading, and not before.
    waited = threading.Event()
    held: list[int] = []

    def write() -> None:
        held.append(os.open(tmp_path / "pipe", os.O_WRONLY))
        waited.set()

    threading.Thread(target=write, daemon=True).start()
    assert waited.wait(240)
    done.send_signal(signal.SIGINT)
    _, err = done.communicate()
    os.close(held[0])
    assert done.returncode == 130
    assert err == "soundglass: stopped.\n"
