"""A sound server that plays a soundscape without end, and can be killed and unplugged."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

from live.errors import UserError
from live.input.private_sound_server import (
    NULL_SINK,
    PrivateSoundServer,
    client_environment,
    private_sound_server_missing,
    start_server,
)

AGAIN_S = 0.3
"""A player that has ended, with its server, is started again so soon."""


class SoundServer:
    """Runs in a folder of its own; the show finds it by `env`."""

    def __init__(self, folder: Path, sound: Path) -> None:
        """Start the server, and play a sound file over and over.

        Raises:
            UserError: PulseAudio is not installed or does not start.
        """
        missing = private_sound_server_missing()
        if missing:
            raise UserError(
                f"{missing}: apt install pulseaudio pulseaudio-utils libasound2-plugins."
            )
        self.env = client_environment(folder)
        self._folder, self._sound = folder, sound
        self._server = start_server(folder)
        self._ended = threading.Event()
        self._player: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._play, name="player", daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """Kill the server."""
        self._server.kill()
        self._server.wait()

    def start(self) -> None:
        """Start it again.

        Raises:
            UserError: it does not start.
        """
        self._server = start_server(self._folder)

    def unplug(self) -> None:
        """Take the microphone away."""
        self._tell("unload-module", "module-null-sink")

    def plug(self) -> None:
        """Give it back."""
        self._tell("load-module", "module-null-sink", *NULL_SINK.split())

    def close(self) -> None:
        """End everything."""
        self._ended.set()
        if self._player is not None:
            self._player.kill()
        self._thread.join()
        self.kill()

    def _tell(self, *words: str) -> None:
        subprocess.run(["pactl", *words], env=self.env, capture_output=True, timeout=20)

    def _play(self) -> None:
        while not self._ended.is_set():
            self._player = PrivateSoundServer(self.env).play(self._sound)
            if self._ended.is_set():
                self._player.kill()
            self._player.wait()
            self._ended.wait(AGAIN_S)
