"""A whole show that is sent: it goes on whatever becomes of its sinks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.bundle.load import load_bundle
from live.errors import UserError
from live.settings.file import read_settings_file, write_settings_file
from live.settings.model import Settings
from live.show.session import Session
from tests.live.sinks.conftest import Receive
from tests.until import until

ROOT = Path(__file__).parents[3]


def settings(bundle: Path, *outs: str) -> Settings:
    return Settings(
        headless=True, bundle=str(bundle), runtime="onnxruntime", input="demo", out=outs
    )


def test_a_show_goes_on_whatever_becomes_of_its_sinks(
    small_bundle: Path, receive: Receive, port: int, tmp_path: Path
) -> None:
    address = f"rtmp://127.0.0.1:{port}/live/key"
    server = receive(address, "-listen", "1", into=tmp_path / "got.flv")
    asked = settings(small_bundle, address, "rtmp://127.0.0.1:1/live/key")
    session = Session(asked, load_bundle(asked.bundle))
    session.start()
    try:
        until(lambda: server.has(40_000))
        server.kill()
        lines = session.messages.all
        until(lambda: sum("is tried again" in line for line in lines) == 2)
        painted = session.pictures_painted
        until(lambda: session.pictures_painted > painted + 5)
        assert not any("live/key" in line for line in lines)
    finally:
        session.stop()


def test_what_is_no_address_ends_before_anything_is_opened(small_bundle: Path) -> None:
    asked = settings(small_bundle, "rtpm://a/b/c")
    session = Session(asked, load_bundle(asked.bundle))
    with pytest.raises(UserError, match="Did you mean rtmp"):
        session.start()
    assert session.messages.all == []


def test_several_are_kept_in_a_settings_file(small_bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "show.toml"
    asked = settings(small_bundle, "rtmp://a/b/c", 'ndi:the "hall"')
    write_settings_file(asked, path)
    assert Settings(**read_settings_file(path)) == asked
    path.write_text('out = "rtmp://a/b/c"\n')
    with pytest.raises(UserError, match="any number of texts"):
        read_settings_file(path)


def test_the_command_line_names_several(tmp_path: Path) -> None:
    path = tmp_path / "show.toml"
    outs = ("--out", "rtmp://a/b/c", "--out", "camera")
    command = [sys.executable, "-m", "live.program", "live", *outs, "--save-settings", path]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert read_settings_file(path)["out"] == ("rtmp://a/b/c", "camera")
