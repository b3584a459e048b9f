"""Lines into pipes, named pipes and disks that take nothing for a while."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live.errors import UserError
from live.output.line_file import LineFile, line_file
from live.output.line_writer import KEPT, LineWriter
from tests.live.small_disk import small_disk, until

FULL = Path("/dev/full")


@pytest.fixture
def said() -> list[str]:
    return []


Writing = Callable[[LineFile], LineWriter]


@pytest.fixture
def writing(said: list[str]) -> Iterator[Writing]:
    writers = []

    def start(file: LineFile) -> LineWriter:
        writers.append(LineWriter(file, "events", said.append))
        return writers[-1]

    yield start
    for each in writers:
        each.close()


def put(writer: LineWriter, first: int, end: int) -> None:
    for number in range(first, end):
        writer.put(f"{number:06d} {'x' * 993}")


def numbers(text: str) -> list[int]:
    """The numbers of the lines that `put` wrote, each of which must be whole."""
    assert text == "" or text.endswith("\n")
    assert all(len(line) == 1000 for line in text.splitlines())
    return [int(line.split()[0]) for line in text.splitlines()]


def drained(reader: int) -> str:
    """What there is in a pipe now."""
    os.set_blocking(reader, False)
    found = b""
    try:
        while block := os.read(reader, 1 << 16):
            found += block
    except BlockingIOError:
        pass
    return found.decode()


def test_a_reader_that_stops_reading_holds_up_nobody(writing: Writing, said: list[str]) -> None:
    reader, end = os.pipe()
    with os.fdopen(end, "w") as stream:
        writer = writing(LineFile(Path("standard output"), stream))
        count = 2 * KEPT
        put(writer, 0, count)
        until(lambda: said)
        assert "standard output takes no more" in said[0]
        assert os.get_blocking(stream.fileno()), "whoever shares the pipe finds it changed"
        dropped = writer.dropped
        assert dropped > KEPT / 2
        read = ""
        while len(said) < 2:
            read += drained(reader)
            time.sleep(0.01)
        read += drained(reader)
        assert f"{dropped} are missing" in said[1]
        got = numbers(read)
        assert got == sorted(set(got))
        assert len(got) + dropped == count
        assert got[-1] == count - 1
    os.close(reader)


def test_the_end_comes_even_if_nobody_reads(writing: Writing) -> None:
    before = set(threading.enumerate())
    reader, end = os.pipe()
    with os.fdopen(end, "w") as stream:
        writer = writing(LineFile(Path("standard output"), stream))
        put(writer, 0, 200)
        writer.close()
        assert writer.dropped > 100
        until(lambda: not set(threading.enumerate()) - before)
    os.close(reader)


def test_a_reader_who_goes_is_told(writing: Writing, said: list[str]) -> None:
    reader, end = os.pipe()
    with os.fdopen(end, "w") as stream:
        writer = writing(LineFile(Path("standard output"), stream))
        os.close(reader)
        put(writer, 0, 3)
        until(lambda: said)
        assert said == ["nobody reads standard output: events wait for a reader"]
        writer.close()
        assert writer.dropped == 3


def test_a_named_pipe_waits_for_readers_who_come_and_go(
    writing: Writing, said: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "events"
    os.mkfifo(path)
    writer = writing(line_file(path))
    put(writer, 0, 2)
    until(lambda: said)
    assert said == [f"nobody reads {path}: events wait for a reader"]

    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    until(lambda: len(said) == 2)
    assert numbers(drained(reader)) == [0, 1]
    os.close(reader)

    put(writer, 2, 4)
    until(lambda: len(said) == 3)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    until(lambda: len(said) == 4)
    assert numbers(drained(reader)) == [2, 3]
    os.close(reader)
    assert said[1] == said[3] == f"events are written to {path} now"


def test_a_full_disk_is_tried_again(writing: Writing, said: list[str], tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with small_disk() as disk:
        writer = writing(line_file(path))
        put(writer, 0, 2)
        until(lambda: path.stat().st_size == 2002)
        disk.hold(2500)
        put(writer, 2, 4)
        until(lambda: said)
        assert str(path) in said[0]
        assert numbers(path.read_text()) == [0, 1]
        disk.make_room()
        until(lambda: len(said) == 2)
    assert numbers(path.read_text()) == [0, 1, 2, 3]
    assert writer.dropped == 0
    assert len(said) == 2


def test_a_file_that_was_removed_to_make_room_is_begun_anew(
    writing: Writing, said: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "events.jsonl"
    with small_disk() as disk:
        disk.hold(1500)
        writer = writing(line_file(path))
        put(writer, 0, 2)
        until(lambda: said)
        path.unlink()
        until(lambda: len(said) == 2)
    assert numbers(path.read_text()) == [1]
    assert writer.dropped == 0


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_disk_that_stays_full_is_said_once_and_counted(writing: Writing, said: list[str]) -> None:
    writer = writing(line_file(FULL))
    put(writer, 0, KEPT + 100)
    until(lambda: said)
    writer.close()
    assert writer.dropped == KEPT + 100
    assert len(said) == 1
    assert "/dev/full" in said[0]


def test_what_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="folder"):
        line_file(tmp_path)
    with pytest.raises(UserError):
        line_file(Path("/proc/nothing/events.jsonl"))


def test_standard_output(writing: Writing, capfd: pytest.CaptureFixture[str]) -> None:
    writer = writing(line_file(Path("-")))
    writer.put("{}")
    writer.close()
    assert capfd.readouterr().out == "{}\n"
    os.fstat(1)


def test_no_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    with pytest.raises(UserError, match="standard output is closed"):
        line_file(Path("-"))
