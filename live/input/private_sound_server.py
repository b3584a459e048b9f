"""A PulseAudio server of our own with a silent loudspeaker whose monitor is a microphone.

Measuring and testing the real road from a microphone needs no hardware this way: what is played
into the loudspeaker is captured as any microphone is, through PulseAudio, ALSA and PortAudio.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from live.errors import UserError

SINK = "soundglass"
NULL_SINK = f"sink_name={SINK} rate=48000 channels=2"
"""What its loudspeaker is made with."""
DEVICE = "pulse"
"""The PortAudio device by which the server is reached."""
_STARTS_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class PrivateSoundServer:
    """A running server."""

    env: Mapping[str, str]
    """Environment in which programs find this server, its monitor being the microphone."""

    def play(self, path: Path) -> subprocess.Popen[bytes]:
        """Start playing a sound file into the loudspeaker; the caller ends the process."""
        return subprocess.Popen(
            ["paplay", f"--device={SINK}", str(path)],
            env=dict(self.env),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def private_sound_server_missing() -> str | None:
    """Return which of the programs needed is not installed, None when all are."""
    missing = [name for name in ("pulseaudio", "pactl", "paplay") if not shutil.which(name)]
    return f"{', '.join(missing)} not installed" if missing else None


@contextmanager
def private_sound_server() -> Iterator[PrivateSoundServer]:
    """Run a server for the length of the context; nothing of a person's own server is touched.

    Raises:
        UserError: PulseAudio is not installed or does not start.
    """
    missing = private_sound_server_missing()
    if missing:
        raise UserError(f"{missing}: apt install pulseaudio pulseaudio-utils libasound2-plugins.")
    with tempfile.TemporaryDirectory(prefix="soundglass-") as name:
        server = start_server(Path(name))
        try:
            yield PrivateSoundServer(client_environment(Path(name)))
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def client_environment(folder: Path) -> dict[str, str]:
    """Return the environment in which programs find the server of a folder."""
    return os.environ | {
        "PULSE_SERVER": f"unix:{folder / 'native'}",
        "PULSE_SOURCE": f"{SINK}.monitor",
        "PULSE_SINK": SINK,
        "PULSE_LATENCY_MSEC": "30",
    }


def start_server(folder: Path) -> subprocess.Popen[bytes]:
    """Start the server of a folder, again if need be, and wait until it answers.

    Raises:
        UserError: it does not start.
    """
    socket, name = folder / "native", str(folder)
    socket.unlink(missing_ok=True)
    arguments = [
        "pulseaudio",
        "-n",
        "--daemonize=no",
        "--exit-idle-time=-1",
        "--use-pid-file=no",
        "--disable-shm=yes",
        f"--load=module-null-sink {NULL_SINK}",
        f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1",
    ]
    env = client_environment(folder)
    server = subprocess.Popen(
        arguments,
        env=env | {"HOME": name, "XDG_RUNTIME_DIR": name, "PULSE_RUNTIME_PATH": name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(server, env)
    except BaseException:
        server.kill()
        server.wait()
        raise
    return server


def _wait(server: subprocess.Popen[bytes], env: Mapping[str, str]) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        asked = subprocess.run(["pactl", "info"], env=dict(env), capture_output=True)
        if asked.returncode == 0:
            return
        time.sleep(0.05)
    raise UserError("a PulseAudio server of our own does not start: see `pulseaudio -n -vv`.")
