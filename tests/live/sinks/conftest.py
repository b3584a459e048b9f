"""A show to send: a tone in the ring and a plain picture on the stage; and who receives it."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from live.film.sharing import SharedEncoding
from live.film.stage import Stage
from live.input.shared_ring import RING_HZ, SharedRing
from live.sinks.together import Sinks
from live.view.picture import View
from tests.live.compose.test_frame import panel, view
from tests.until import until

COLOUR = (40, 120, 200)
PANEL = (10, 20, 200)
"""Of the picture of every panel."""
TONE_HZ = 440.0
LEVEL = 0.3


@pytest.fixture
def shared() -> Iterator[SharedRing]:
    """A ring into which a tone goes, in time."""
    made, over = SharedRing.create(), threading.Event()

    def sound() -> None:
        began_s = time.monotonic()
        while not over.wait(0.02):
            at, now_s = made.ring.written, time.monotonic()
            end = round((now_s - began_s) * RING_HZ)
            tone = LEVEL * np.sin(np.arange(at, end) * 2 * np.pi * TONE_HZ / RING_HZ)
            made.ring.write(tone.astype(np.float32), now_s)

    thread = threading.Thread(target=sound)
    thread.start()
    yield made
    over.set()
    thread.join()
    made.close()


@dataclass
class Show:
    """What is sent, to whom, and what was said about it."""

    shared: SharedRing
    said: list[str] = field(default_factory=list)
    running: list[Sinks] = field(default_factory=list)
    changing: bool = False
    """The scene is noise, and another one each time that it is looked at."""

    def __post_init__(self) -> None:
        """Put it on a stage."""
        self.stage = Stage(self.view, self.said.append)
        self.encoding = SharedEncoding(self.stage)

    def view(self) -> View:
        """A plain scene with a panel in the first place."""
        shown = view(COLOUR, panels=[panel(3, 0)])
        if not self.changing or shown.pictures is None:
            return shown
        noise = np.random.default_rng().integers(0, 256, (144, 256, 3), np.uint8)
        return replace(shown, pictures=replace(shown.pictures, scene=noise))

    def send(self, *outs: str, panels: int = 2) -> Sinks:
        """Begin to send."""
        sinks = Sinks(
            self.stage, self.encoding, self.view, panels, self.shared.fd, self.said.append
        )
        self.running.append(sinks)
        sinks.send_to(outs)
        return sinks


@pytest.fixture
def show(shared: SharedRing) -> Iterator[Show]:
    """Yield a show that is sent nowhere yet."""
    made = Show(shared)
    yield made
    for sinks in made.running:
        sinks.stop()
    made.stage.close()


@pytest.fixture
def port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """Debian's ffmpeg, listening at an address and writing what comes to a file."""

    def __init__(self, address: str, *options: str, into: Path) -> None:
        self.path = into
        self._process = subprocess.Popen(
            [
                *("ffmpeg", "-loglevel", "error", "-y", *options, "-i", address),
                *("-c", "copy", "-flush_packets", "1", str(into)),
            ],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def has(self, size: int) -> bool:
        """Whether so many bytes have come."""
        return self.path.exists() and self.path.stat().st_size >= size

    def wait(self) -> None:
        """Wait until the sender has ended the stream."""
        until(lambda: self._process.poll() is not None)

    def stand_still(self) -> None:
        """Take nothing more, and keep the connection."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it as a crash does."""
        self._process.kill()
        self._process.wait()


Receive = Callable[..., Receiver]


@pytest.fixture
def receive() -> Iterator[Receive]:
    """Start receivers; they are ended with the test."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed (apt install ffmpeg)")
    begun: list[Receiver] = []

    def started(address: str, *options: str, into: Path) -> Receiver:
        begun.append(Receiver(address, *options, into=into))
        return begun[-1]

    yield started
    for each in begun:
        each.kill()
