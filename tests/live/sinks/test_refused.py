"""Sinks that take nothing: each is one message, and the others go on."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.film.packets import SharedPackets
from live.sinks.address import read_out
from live.sinks.process import SenderProcess
from live.sinks.supervisor import Supervisor
from tests.live.sinks.conftest import Receive, Show
from tests.until import STOPS_IN_S, until


@pytest.fixture
def deaf() -> Iterator[int]:
    """The port of a server that accepts everybody and never reads."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held, over = [], threading.Event()

        def accept() -> None:
            server.settimeout(0.1)
            while not over.is_set():
                try:
                    held.append(server.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join()
        for connection, _ in held:
            connection.close()


def test_nobody_listens(show: Show, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.sinks.supervisor.FIRST_PAUSE_S", 0.01)
    started: list[int] = []
    real = SenderProcess.__init__

    def counted(self: SenderProcess, *given: object) -> None:
        started.append(1)
        real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(SenderProcess, "__init__", counted)
    show.send(f"rtmp://127.0.0.1:{port}/live/secret")
    until(lambda: len(started) > 2)
    (line,) = show.said
    assert line == (
        f"rtmp://127.0.0.1:{port}/live/... gets no picture for now, and is tried again: "
        "nobody listens there"
    )


def test_a_server_that_accepts_and_never_reads(
    show: Show, deaf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.sinks.supervisor.STALL_S", 3.0)
    sinks = show.send(f"rtmp://127.0.0.1:{deaf}/live/key")
    until(lambda: show.said)
    assert "it has taken nothing for 3 s" in show.said[0]
    began_s = time.monotonic()
    sinks.stop()
    assert time.monotonic() - began_s < STOPS_IN_S


def test_a_receiver_that_stops_reading_in_mid_stream(
    show: Show, receive: Receive, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.sinks.supervisor.STALL_S", 5.0)
    show.changing = True  # so that what the system keeps for a connection is full soon
    address = f"rtmp://127.0.0.1:{port}/live/key"
    server = receive(address, "-listen", "1", into=tmp_path / "got.flv")
    sinks = show.send(address)
    until(lambda: all(sinks.sending.values()))
    server.stand_still()
    until(lambda: any("it has taken nothing for 5 s" in line for line in show.said))


def test_one_that_fails_keeps_nobody_from_another(
    show: Show, receive: Receive, port: int, deaf: int, tmp_path: Path
) -> None:
    address = f"rtmp://127.0.0.1:{port}/live/key"
    server = receive(address, "-listen", "1", into=tmp_path / "got.flv")
    sinks = show.send(address, f"rtmp://127.0.0.1:{deaf}/live/key", "srt://127.0.0.1:1")
    until(lambda: sinks.sending[f"rtmp://127.0.0.1:{port}/live/..."])
    until(lambda: server.has(30_000))
    until(lambda: any("srt://127.0.0.1:1 gets no picture" in line for line in show.said))
    size = server.path.stat().st_size
    until(lambda: server.has(size + 30_000))


def test_no_virtual_camera(show: Show) -> None:
    pytest.importorskip("pyvirtualcam")
    if any(Path("/dev").glob("video*")):
        pytest.skip("there may be a virtual camera here")
    show.send("camera")
    until(lambda: show.said)
    assert "there is no virtual camera to send to: on Linux load v4l2loopback" in show.said[0]


def test_a_process_that_is_killed_is_started_again(
    show: Show, receive: Receive, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.sinks.supervisor.FIRST_PAUSE_S", 0.01)
    processes: list[SenderProcess] = []
    watch = Supervisor._watch

    def noted(self: Supervisor, process: SenderProcess) -> str:
        processes.append(process)
        return watch(self, process)

    monkeypatch.setattr(Supervisor, "_watch", noted)
    show.send(f"srt://127.0.0.1:{port}")
    until(lambda: processes)
    os.kill(processes[0].pid, signal.SIGKILL)
    until(lambda: len(processes) > 1)
    assert "gets no picture for now" in show.said[0]


def test_its_process_ends_with_the_show(show: Show, port: int) -> None:
    memory = SharedPackets.create()
    process = SenderProcess(read_out(f"rtmp://127.0.0.1:{port}/a/b"), memory, show.shared.fd)
    assert process.is_alive()
    process.ask_to_end()  # what the end of the show's process does too
    until(lambda: not process.is_alive(), STOPS_IN_S)
    process.end()
    memory.close()
