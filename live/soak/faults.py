"""The faults: each is done to a running show, lasts some seconds, and is undone."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from live.machine.memory import process_tree
from live.soak.sound import SoundServer

LASTS_S = 5.0
STOPPED_S = 10.0
VIEWERS = 40


@dataclass(frozen=True, slots=True)
class Rig:
    """What faults are done to."""

    pid: int
    """Of the show."""
    sound: SoundServer
    cache: Path
    """Where it keeps its engines."""
    sink_port: int
    """Where it sends a stream; nobody listens there but for a fault."""
    web_port: int
    """Where it serves its page."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault."""

    do: Callable[[Rig], None]
    """Does it and undoes it; returns when it is over."""
    costs_sound: bool = False
    """Whether the sound of that time cannot reach the show: what it loses then is not its fault."""


def _unplug(rig: Rig) -> None:
    rig.sound.unplug()
    time.sleep(LASTS_S)
    rig.sound.plug()


def _kill_server(rig: Rig) -> None:
    rig.sound.kill()
    time.sleep(LASTS_S)
    rig.sound.start()


def _kill_capture(rig: Rig) -> None:
    for pid in process_tree(rig.pid):
        with suppress(OSError):
            if b"live.input.capture" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)


def _fill_disk(rig: Rig) -> None:
    """Refuse every write that makes a file longer, as a full disk does."""
    _, hard = resource.prlimit(rig.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(rig.pid, resource.RLIMIT_FSIZE, (1, hard))
    time.sleep(LASTS_S)
    resource.prlimit(rig.pid, resource.RLIMIT_FSIZE, (hard, hard))


def _remove_engines(rig: Rig) -> None:
    shutil.rmtree(rig.cache, ignore_errors=True)


def _stop(rig: Rig) -> None:
    os.kill(rig.pid, signal.SIGSTOP)
    time.sleep(STOPPED_S)
    os.kill(rig.pid, signal.SIGCONT)


def _accept_and_never_read(rig: Rig) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", rig.sink_port))
        listener.listen(8)
        listener.settimeout(LASTS_S)
        taken, until_s = [], time.monotonic() + LASTS_S
        while time.monotonic() < until_s:
            with suppress(TimeoutError):
                taken.append(listener.accept()[0])
        for each in taken:
            each.close()


def _storm(rig: Rig) -> None:
    """Open the moving picture many times over, and look at half of them only."""
    asked = f"GET /mjpeg HTTP/1.1\r\nHost: 127.0.0.1:{rig.web_port}\r\n\r\n".encode()
    viewers: list[socket.socket] = []
    with ExitStack() as opened:
        for _ in range(VIEWERS):
            viewer = opened.enter_context(socket.socket())
            viewer.settimeout(1.0)
            with suppress(OSError):
                viewer.connect(("127.0.0.1", rig.web_port))
                viewer.sendall(asked)
                viewer.setblocking(False)
                viewers.append(viewer)
        until_s = time.monotonic() + LASTS_S
        while time.monotonic() < until_s:
            for viewer in viewers[::2]:
                with suppress(OSError):
                    viewer.recv(1 << 16)
            time.sleep(0.02)


FAULTS: Mapping[str, Fault] = {
    "microphone unplugged": Fault(_unplug, costs_sound=True),
    "sound server killed": Fault(_kill_server, costs_sound=True),
    "capture process killed": Fault(_kill_capture, costs_sound=True),
    "disk full": Fault(_fill_disk),
    "engines removed": Fault(_remove_engines),
    "show stopped for 10 s": Fault(_stop),
    "stream accepted, never read": Fault(_accept_and_never_read),
    "storm of viewers": Fault(_storm),
}
"""Every fault, by what people call it."""
