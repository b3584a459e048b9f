"""Frames of a show beside a disk that is full for a while."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from live.output.frame_files import FrameFiles
from tests.live.compose.test_frame import view
from tests.live.small_disk import small_disk, until


def test_after_a_full_disk_they_go_on(tmp_path: Path) -> None:
    said: list[str] = []
    with small_disk() as disk:
        disk.hold(100)
        frames = FrameFiles(tmp_path, said.append)
        frames.add(view())
        until(lambda: said)
        assert "frame-000001.png" in said[0]
        frames.add(view())
        frames.add(view((200, 30, 30)))
        disk.make_room()
        until(lambda: len(said) == 2)
        frames.stop()
    assert "2 are missing" in said[1]
    assert frames.missing == 2
    assert [path.name for path in tmp_path.iterdir()] == ["frame-000001.png"]
    red, _, _ = Image.open(tmp_path / "frame-000001.png").getpixel((640, 360))
    assert red > 100, "the newest is written, not the oldest"


def test_stopping_while_the_disk_is_full(tmp_path: Path) -> None:
    said: list[str] = []
    with small_disk() as disk:
        disk.hold(100)
        frames = FrameFiles(tmp_path, said.append)
        frames.add(view())
        until(lambda: said)
        frames.stop()
    assert frames.missing == 1
    assert list(tmp_path.iterdir()) == []
