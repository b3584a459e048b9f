"""NDI over its real library, from a sink's process to a receiver in another."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from live.compose.frame import compose
from tests.live.compose.test_frame import view
from tests.live.sinks.conftest import COLOUR, LEVEL, PANEL, Show
from tests.until import LONGEST_S, until

pytest.importorskip("cyndilib")

_RECEIVER = """
import json, sys, time
import numpy as np
from cyndilib.finder import Finder
from cyndilib.receiver import Receiver
from cyndilib.video_frame import VideoFrameSync
from cyndilib.audio_frame import AudioFrameSync
from cyndilib.wrapper import RecvBandwidth, RecvColorFormat

wanted, deadline = sys.argv[1], time.monotonic() + float(sys.argv[2])
finder = Finder()
finder.open()
names = []
while not (found := [name for name in names if f"({wanted})" in name]):
    assert time.monotonic() < deadline, names
    finder.wait_for_sources(1)
    names = finder.get_source_names()
receiver = Receiver(
    color_format=RecvColorFormat.RGBX_RGBA, bandwidth=RecvBandwidth.highest
)
video, audio = VideoFrameSync(), AudioFrameSync()
receiver.frame_sync.set_video_frame(video)
receiver.frame_sync.set_audio_frame(audio)
receiver.set_source(finder.get_source(found[0]))
level, silent = 0.0, "silent" in sys.argv
while not video.xres or not (level or silent):
    assert time.monotonic() < deadline
    time.sleep(0.05)
    receiver.frame_sync.capture_video()
    receiver.frame_sync.capture_audio(2400)
    sound = np.nan_to_num(np.asarray(audio.get_array()))  # nothing has come yet, where it is none
    level = float(np.sqrt(np.mean(sound[:1] ** 2))) if sound.size else 0.0
picture = np.asarray(video.get_array()).reshape(video.yres, video.xres, 4)
told = {
    "size": [video.xres, video.yres],
    "rate": float(video.get_frame_rate()),
    "colour": picture[40:80, 40:80, :3].mean((0, 1)).tolist(),
    "level": level,
}
print(json.dumps(told))
"""


@pytest.fixture(autouse=True)
def here_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find sources of this machine without a service that looks for them on a network."""
    config = {"ndi": {"networks": {"ips": "127.0.0.1,"}}}
    (tmp_path / "ndi-config.v1.json").write_text(json.dumps(config))
    monkeypatch.setenv("NDI_CONFIG_DIR", str(tmp_path))


def received(name: str, *more: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", _RECEIVER, name, str(LONGEST_S), *more],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_others_see_and_hear_the_show(show: Show) -> None:
    sinks = show.send("ndi:Soundglass test")
    got = received("Soundglass test")
    assert got["size"] == [1280, 720]
    assert got["rate"] == 20.0
    sent = compose(view(COLOUR))[40:80, 40:80].mean((0, 1))
    assert np.abs(np.asarray(got["colour"]) - sent).max() < 12
    assert 0.2 * LEVEL < got["level"] < 1.2 * LEVEL  # the receiver may have got a part of it
    until(lambda: sinks.sending == {"ndi:Soundglass test": True})
    sinks.stop()
    assert show.said == ["ndi:Soundglass test gets the picture"]


def test_each_panel_is_a_source_of_its_own(show: Show) -> None:
    show.send("ndi-panels:Hall", panels=2)
    got = received("Hall panel 1", "silent")
    assert got["size"] == [512, 512]
    assert np.abs(np.asarray(got["colour"]) - PANEL).max() < 20
    empty = received("Hall panel 2", "silent")
    assert max(empty["colour"]) < 20
