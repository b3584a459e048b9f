"""A private PulseAudio server with a null sink: a real microphone path without hardware."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.until import until

TOOLS = ("pulseaudio", "paplay", "pactl")
PLUGIN = "libasound_module_pcm_pulse.so"


def missing() -> str | None:
    """Return what keeps the real microphone path from being tested here, or None."""
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        return f"{', '.join(absent)} not installed (apt install pulseaudio pulseaudio-utils)"
    if not any(Path("/usr/lib").glob(f"**/alsa-lib/{PLUGIN}")):
        return "the ALSA plugin for PulseAudio is not installed (apt install libasound2-plugins)"
    try:
        import sounddevice  # noqa: F401
    except OSError:
        return "PortAudio is not installed (apt install libportaudio2)"
    return None


class PulseServer:
    """A sound server of one's own whose only microphone hears what is played to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []
        self._plugged: dict[str, str] = {}
        socket = folder / "native"
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "pulse"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_SOURCE": "glass.monitor",
            "PULSE_SINK": "glass",
        }
        self._socket = socket

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._socket.unlink(missing_ok=True)
        (self.folder / "pulse" / "pid").unlink(missing_ok=True)
        self._server = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "-L",
                "module-null-sink sink_name=glass rate=48000 channels=1 format=float32le",
                "-L",
                f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
            ],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server = self._server
        until(lambda: server.poll() is not None or self._answers())
        assert server.poll() is None, "the sound server does not start"

    def _answers(self) -> bool:
        asked = subprocess.run(
            ["pactl", "info"], env={**os.environ, **self.environment}, capture_output=True
        )
        return asked.returncode == 0

    def kill(self) -> None:
        """Pull the plug."""
        if self._server is not None:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait()
            self._server = None

    def plug(self, name: str) -> None:
        """Add a sink, whose monitor `name`.monitor is one more microphone."""
        self._plugged[name] = self._tell("load-module", "module-null-sink", f"sink_name={name}")

    def unplug(self, name: str) -> None:
        """Take such a sink away; the server moves who listens to it to another microphone."""
        self._tell("unload-module", self._plugged.pop(name))

    def _tell(self, *words: str) -> str:
        done = subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def play(
        self, samples: np.ndarray, rate: int = 48_000, cushion_s: float = 0.5, sink: str = "glass"
    ) -> subprocess.Popen[bytes]:
        """Begin to play samples (n,), and return the player.

        A player that is held up for longer than cushion_s leaves a hole.
        """
        path = self.folder / f"played-{len(self._players)}.wav"
        soundfile.write(path, samples, rate, subtype="FLOAT")
        player = subprocess.Popen(
            ["paplay", f"--latency-msec={round(1000 * cushion_s)}", str(path)],
            env={**os.environ, **self.environment, "PULSE_SINK": sink},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._players.append(player)
        return player

    def close(self) -> None:
        """End the server and its players."""
        for player in self._players:
            player.kill()
            player.wait()
        self.kill()


@pytest.fixture
def pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A running server that this process and its children use."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    server = PulseServer(tmp_path)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.start()
    try:
        yield server
    finally:
        server.close()
