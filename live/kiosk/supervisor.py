"""Where there is no systemd: starts the show again and again, and watches it as systemd would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

AGAIN_S = 2.0
"""Pause before the show is started again; what crashes quickly waits longer by itself."""
START_S = 600.0
"""A show has so long to be ready: engines may have to be built."""
END_S = 30.0
"""A show that is asked to end has so long."""


class Supervisor:
    """Runs a command until it is stopped; speaks sd_notify's protocol with it."""

    def __init__(
        self, command: Sequence[str], patience_s: float, ended: Callable[[str, bool], None]
    ) -> None:
        """patience_s: it is ended when it has not told WATCHDOG for so long. ended: gets why it
        ended, and whether it failed, each time."""
        self._command, self._patience_s, self._ended = list(command), patience_s, ended
        self._stopped = threading.Event()
        self._status = ""

    def stop(self) -> None:
        """End the command, and start it no more; any thread may."""
        self._stopped.set()

    def run(self) -> None:
        """Run the command until `stop`."""
        while not self._stopped.is_set():
            self._run_once()
            self._stopped.wait(AGAIN_S)

    def _run_once(self) -> None:
        with tempfile.TemporaryDirectory(prefix="soundglass-") as folder:
            told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            with told:
                address = str(Path(folder) / "notify")
                told.bind(address)
                told.settimeout(0.2)
                env = os.environ | {
                    "NOTIFY_SOCKET": address,
                    "WATCHDOG_USEC": str(round(self._patience_s * 1e6)),
                }
                env.pop("WATCHDOG_PID", None)
                try:
                    process = subprocess.Popen(self._command, env=env, stdin=subprocess.DEVNULL)
                except OSError as error:
                    self._ended(f"it cannot be started: {error}", True)
                    return
                try:
                    why = self._watch(process, told)
                finally:
                    self._end(process)
        code = process.returncode
        self._ended(why or said_exit(code), bool(why) or code not in (0, 130, 143))

    def _watch(self, process: subprocess.Popen[bytes], told: socket.socket) -> str:
        """Wait for the end of the process, or end it; return why that had to be, if it had."""
        limit_s, at_s, self._status = START_S, time.monotonic(), ""
        while process.poll() is None:
            if self._stopped.is_set():
                process.terminate()
                return ""
            try:
                said = dict(
                    line.split("=", 1)
                    for line in told.recv(4096).decode("utf-8", "replace").splitlines()
                    if "=" in line
                )
            except TimeoutError:
                said = {}
            self._status = said.get("STATUS", self._status)
            if "READY" in said or "WATCHDOG" in said:
                limit_s, at_s = self._patience_s, time.monotonic()
            if "STOPPING" in said:
                limit_s, at_s = END_S, time.monotonic()
            if time.monotonic() - at_s > limit_s:
                process.send_signal(signal.SIGABRT)
                return f"the watchdog ended it: {self._status or 'it did not get ready'}"
        return ""

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(END_S if self._stopped.is_set() else END_S / 3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def said_exit(code: int) -> str:
    """Return in words how a process ended, by its return code as `subprocess` has it."""
    if code < 0:
        return f"it was ended by {_signal_name(-code)}"
    if code == 0:
        return "it was closed"
    if code in (130, 143):
        return f"it was told to end by {_signal_name(code - 128)}"
    return f"it failed with exit code {code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
