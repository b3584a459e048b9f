"""What is found below a folder, by which name, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from live.archives.ledger import open_ledger
from live.archives.lines import Recording
from live.archives.listing import Looked, look_through
from tests.live.archives.recordings import write_recording


def look(folder: Path) -> tuple[list[Recording], Looked]:
    with open_ledger() as ledger:
        looked = look_through(os.fsencode(folder), ledger, lambda count: None)
        return list(ledger.missing()), looked


def names(folder: Path) -> list[bytes]:
    return [each.name for each in look(folder)[0]]


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_sounds_and_films_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    for name in ("b.WAV", "a/z.flac", "a.mp3", "a/b/c.Mov", "ä.ogg", "B.wav", "notes.txt", "wav"):
        touch(tmp_path / name)
    found, looked = look(tmp_path)
    assert [each.name.decode() for each in found] == [
        "B.wav", "a.mp3", "a/b/c.Mov", "a/z.flac", "b.WAV", "ä.ogg",
    ]  # fmt: skip
    assert looked.others == 2
    about = (tmp_path / "a.mp3").stat()
    assert found[1] == Recording(b"a.mp3", 1, about.st_mtime_ns)


def test_names_that_are_no_utf8_are_kept_byte_by_byte(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"n\xe4chte")).mkdir()
    touch(tmp_path / os.fsdecode(b"n\xe4chte/\xff.wav"))
    assert names(tmp_path) == [b"n\xe4chte/\xff.wav"]


def test_what_begins_with_a_dot_is_passed_over(tmp_path: Path) -> None:
    touch(tmp_path / "._a.wav")
    touch(tmp_path / ".trash/b.wav")
    touch(tmp_path / "c.wav")
    found, looked = look(tmp_path)
    assert ([each.name for each in found], looked.others) == ([b"c.wav"], 0)


def test_links_that_go_round_end(tmp_path: Path) -> None:
    touch(tmp_path / "rec/a/one.wav")
    touch(tmp_path / "rec/b/two.wav")
    (tmp_path / "rec/a/up").symlink_to("..")
    (tmp_path / "rec/a/over").symlink_to("../b")
    (tmp_path / "rec/b/over").symlink_to("../a")
    (tmp_path / "rec/self").symlink_to("self")
    assert names(tmp_path / "rec") == [b"a/one.wav", b"b/two.wav"]


def test_a_folder_behind_links_has_the_first_of_their_names(tmp_path: Path) -> None:
    touch(tmp_path / "disk/deep/one.wav")
    rec = tmp_path / "rec"
    rec.mkdir()
    (rec / "z").symlink_to(tmp_path / "disk")
    (rec / "a").symlink_to(tmp_path / "disk")
    (rec / "b").symlink_to(tmp_path / "disk/deep")
    assert names(rec) == [b"a/deep/one.wav"]


def test_links_to_files_are_recordings_and_broken_ones_are_told(tmp_path: Path) -> None:
    touch(tmp_path / "disk/one.wav")
    rec = tmp_path / "rec"
    rec.mkdir()
    (rec / "one.wav").symlink_to("../disk/one.wav")
    (rec / "gone.wav").symlink_to("nowhere.wav")
    found, _ = look(rec)
    assert [(each.name, each.bytes) for each in found] == [(b"gone.wav", -1), (b"one.wav", 1)]


def test_a_pipe_is_no_recording(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "waits.wav")
    found, looked = look(tmp_path)
    assert (found, looked.others) == ([], 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_folder_that_is_shut_is_counted(tmp_path: Path) -> None:
    touch(tmp_path / "open/a.wav")
    (tmp_path / "shut").mkdir(mode=0)
    found, looked = look(tmp_path)
    assert [each.name for each in found] == [b"open/a.wav"]
    assert (looked.shut, looked.first_shut) == (1, "shut: Permission denied")


def test_more_than_are_in_memory_at_a_time(tmp_path: Path) -> None:
    for number in range(2100):
        (tmp_path / f"{number:04}.wav").touch()
    ticks: list[int] = []
    with open_ledger() as ledger:
        look_through(os.fsencode(tmp_path), ledger, ticks.append)
        found = [each.name for each in ledger.missing()]
    assert sum(ticks) == 2100
    assert found == [b"%04d.wav" % number for number in range(2100)]


def test_a_recording_that_was_written_to_is_another(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.wav")
    before = look(tmp_path)[0]
    os.utime(path, ns=(0, 1_000_000_001))
    (after,) = look(tmp_path)[0]
    assert before != [after]
    assert after.modified_ns == 1_000_000_001
