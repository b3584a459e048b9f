"""A real show whose outputs nobody reads: it goes on, and it ends when it is asked to."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.small_disk import until

ROOT = Path(__file__).parents[3]
LITTLE = 4096
"""Bytes that the pipes of these tests hold."""
MORE_FRAMES = 10
"""Pictures after which a show was not held up by what it could not write."""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(small_bundle: Path) -> Iterator[Start]:
    shows = []

    def started(*arguments: object, **streams: Any) -> subprocess.Popen[str]:
        asked = f"live --headless --input demo --bundle {small_bundle} --runtime onnxruntime"
        command = [sys.executable, "-m", "live.program", *asked.split(), *map(str, arguments)]
        shows.append(
            subprocess.Popen(command, cwd=ROOT, stdout=streams.pop("stdout", None), **streams)
        )
        return shows[-1]

    yield started
    for each in shows:
        each.kill()
        each.communicate()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A small pipe that nobody reads: its reading and its writing end."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, LITTLE)
    yield reader, writer
    os.close(reader)
    os.close(writer)


def fill(writer: int) -> None:
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b".")
    except BlockingIOError:
        os.set_blocking(writer, True)


def waiting_in(reader: int) -> int:
    import array
    import termios

    count = array.array("i", [0])
    fcntl.ioctl(reader, termios.FIONREAD, count)
    return count[0]


def frames(folder: Path) -> int:
    return len(list(folder.glob("frame-*.png")))


def goes_on(folder: Path) -> None:
    seen = frames(folder)
    until(lambda: frames(folder) > seen + MORE_FRAMES)


def end(show: subprocess.Popen[str]) -> str:
    """Ask a show to end as Ctrl-C does; return what it said, if that was asked for."""
    show.send_signal(signal.SIGINT)
    _, said = show.communicate(timeout=30)
    assert show.returncode == 130, said
    return said


def test_events_that_nobody_reads(start: Start, pipe: tuple[int, int], tmp_path: Path) -> None:
    reader, writer = pipe
    show = start(
        *("--events", "-", "--frames", tmp_path),
        stdout=writer, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until(lambda: waiting_in(reader))
    goes_on(tmp_path)
    said = end(show)
    assert "not written: " in said
    assert " events" in said.split("not written: ")[1]


def test_messages_that_nobody_reads(start: Start, pipe: tuple[int, int], tmp_path: Path) -> None:
    _, writer = pipe
    fill(writer)
    # A disk that is full is a message, and so is the summary at the end.
    show = start("--events", "/dev/full", "--frames", tmp_path, stdout=writer, stderr=writer)
    goes_on(tmp_path)
    end(show)


def test_messages_to_a_full_disk(start: Start, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        show = start("--events", "/dev/full", "--frames", tmp_path, stdout=full, stderr=full)
        goes_on(tmp_path)
        end(show)


def test_a_named_pipe_without_a_reader(start: Start, tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "frames"
    os.mkfifo(pipe)
    show = start("--events", pipe, "--frames", folder, stderr=subprocess.PIPE, text=True)
    goes_on(folder)
    with pipe.open(encoding="utf-8") as reader:
        first = json.loads(reader.readline())
        second = json.loads(reader.readline())
    assert second["window_id"] > first["window_id"]
    goes_on(folder)
    said = end(show)
    assert f"nobody reads {pipe}: events wait for a reader" in said


@pytest.mark.parametrize(("option", "name"), [("--record", "a.mp4"), ("--trace", "a.json")])
def test_a_pipe_that_cannot_be_such_a_file_is_one_line(
    start: Start, tmp_path: Path, option: str, name: str
) -> None:
    os.mkfifo(tmp_path / name)
    show = start(option, tmp_path / name, stderr=subprocess.PIPE, text=True)
    _, said = show.communicate(timeout=60)
    assert show.returncode == 2
    assert said.count("\n") == 1
    assert "no ordinary file" in said
    assert (tmp_path / name).is_fifo()
