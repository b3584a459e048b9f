"""What is wrong with the name of a sound file is said for what it is."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.system.terminal import harmless
from live.errors import UserError
from live.input.feeds import looks_like_a_file
from live.paths.input_path import input_path, is_there

LONG = "a" * 300 + ".wav"


def refused(name: str | Path) -> str:
    with pytest.raises(UserError) as caught:
        input_path(name)
    line = str(caught.value)
    assert harmless(line) == line
    assert len(line) < 600
    return line


def test_a_file_and_a_pipe_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    (tmp_path / "link.wav").symlink_to("a.wav")
    os.mkfifo(tmp_path / "pipe")
    for name in ("a.wav", "link.wav", "pipe"):
        assert input_path(tmp_path / name) == tmp_path / name


def test_a_name_that_is_no_utf8_is_taken_and_shown(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/r\xe9gen.wav"))
    assert "r\\xe9gen.wav" in refused(path)
    path.write_bytes(b"sound")
    assert input_path(path) == path
    assert is_there(str(path))


def test_a_broken_link_is_no_other_name(tmp_path: Path) -> None:
    (tmp_path / "rain.wav").symlink_to("gone/there.wav")
    line = refused(tmp_path / "rain.wav")
    assert "is a link to gone/there.wav, which is not there" in line
    assert "Did you mean" not in line
    assert is_there(str(tmp_path / "rain.wav"))


def test_a_circle_of_links(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to("b.wav")
    (tmp_path / "b.wav").symlink_to("a.wav")
    assert "leads back to itself" in refused(tmp_path / "a.wav")


def test_a_name_near_by_is_told_but_never_its_own(tmp_path: Path) -> None:
    (tmp_path / "rain.wav").write_bytes(b"sound")
    assert "Did you mean rain.wav?" in refused(tmp_path / "rian.wav")


def test_the_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path / 'one'} is not there" in refused(tmp_path / "one" / "two" / "a.wav")
    (tmp_path / "file").write_bytes(b"x")
    assert f"{tmp_path / 'file'} is no folder" in refused(tmp_path / "file" / "a.wav")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (LONG, "too long"),
        (f"{LONG}/x.wav", "too long"),
        ("/".join(["d"] * 5000), "too long"),
        ("~nouser-at-all/x.wav", "~nouser-at-all"),
        ("a\0b.wav", "NUL"),
        ("", "empty"),
        ("/dev/null", "is a device"),
        ("/", "is a folder"),
    ],
    ids=["long", "long folder", "long path", "no user", "nul", "empty", "device", "root"],
)
def test_each_cause_has_its_line(name: str, said: str) -> None:
    assert said in refused(name)


def test_an_empty_file_a_folder_and_a_socket(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "empty.mp3").touch()
    assert "is empty" in refused(tmp_path / "empty.mp3")
    assert "is a folder" in refused(tmp_path)
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        assert "is a socket" in refused("socket")


_AS_NOBODY = """
import os, sys
sys.path[:0] = sys.argv[2:]
from live.errors import UserError
from live.paths.input_path import input_path
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    input_path(sys.argv[1])
except UserError as error:
    print(error)
"""


@pytest.mark.parametrize("locked", ["file", "folder"])
def test_a_file_that_may_not_be_read(tmp_path: Path, locked: str) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "a.wav").write_bytes(b"sound")
    for above in (tmp_path, *tmp_path.parents):
        if above.owner() != "root" or above.stat().st_mode & 0o1 == 0:
            above.chmod(above.stat().st_mode | 0o11)
    (folder / "a.wav" if locked == "file" else folder).chmod(0)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(folder / "a.wav"), *sys.path],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    finally:
        folder.chmod(0o755)
    assert "permission denied" in done.stdout, done.stderr
    assert "WAV" not in done.stdout.replace(str(folder), "")


NAMES = st.binary(min_size=1, max_size=400).map(os.fsdecode) | st.text(max_size=60)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(NAMES)
def test_no_name_is_a_traceback(tmp_path: Path, name: str) -> None:
    for asked in (name, f"{tmp_path}/{name}", f"~{name}"):
        with contextlib.suppress(UserError):
            input_path(asked)
        looks_like_a_file(asked)
