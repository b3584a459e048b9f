"""`soundglass devices`, with and without a sound server."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from live.input.private_sound_server import private_sound_server, private_sound_server_missing


def devices(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # A process of its own: PortAudio's list is frozen once it has been asked.
    return subprocess.run(
        [sys.executable, "-m", "live.program", "devices", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


@pytest.mark.skipif(private_sound_server_missing() is not None, reason="no PulseAudio here")
def test_a_microphone_is_listed_and_one_is_the_default() -> None:
    with private_sound_server() as server:
        listed = devices("--json", **server.env)
        said = devices(**server.env)
    found = json.loads(listed.stdout)["devices"]
    assert "pulse" in [device["name"] for device in found]
    assert sum(device["is_default"] for device in found) <= 1
    assert said.returncode == 0
    assert "pulse" in said.stdout
    assert said.stderr == ""


def test_json_without_a_sound_server_is_still_json() -> None:
    done = devices("--json", PULSE_SERVER="unix:/nowhere")
    assert done.returncode == 0
    assert isinstance(json.loads(done.stdout)["devices"], list)
    assert done.stderr == ""
