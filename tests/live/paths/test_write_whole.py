"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from live.errors import UserError
from live.paths.write_whole import check_writable, make_folder, unwritable, whole_file, write_whole


def test_a_clean_end_leaves_the_file_alone_in_its_folder(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", b"one")
    write_whole(tmp_path / "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ValueError("no"), OSError(28, "full")])
def test_an_error_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, fault: BaseException
) -> None:
    def write() -> None:
        with whole_file(tmp_path / "a.txt") as temporary:
            temporary.write_bytes(b"half")
            raise fault

    write_whole(tmp_path / "a.txt", b"old")
    with pytest.raises((type(fault), UserError)):
        write()
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


def test_a_full_disk_is_said_so() -> None:
    line = str(unwritable(Path("x.mp4"), OSError(errno.ENOSPC, "No space left on device")))
    assert "x.mp4" in line
    assert "disk is full" in line


def test_a_really_full_disk_is_said_so(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with (
        pytest.raises(UserError, match="disk is full"),
        whole_file(tmp_path / "full.txt"),
        full.open("wb", buffering=0) as file,
    ):
        file.write(b"x")


def test_what_is_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="is a folder"):
        check_writable(tmp_path)
    with pytest.raises(UserError, match="file"):
        check_writable(tmp_path / "file" / "a.mp4")
    with pytest.raises(UserError, match="file"):
        make_folder(tmp_path / "file")


# Through a link: a program that is wrong here must not take the machine's own devices away.


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "null").symlink_to("/dev/null")
    write_whole(tmp_path / "null", b"x")
    assert (tmp_path / "null").is_char_device()
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_device_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(UserError, match="disk is full"):
        write_whole(tmp_path / "full", b"x")
    assert (tmp_path / "full").is_char_device()


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="no ordinary file"):
        write_whole(tmp_path / "pipe", b"x")
    assert (tmp_path / "pipe").is_fifo()
