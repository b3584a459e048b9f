"""One show for all tests of a module, and real servers of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live.control.desk import Desk
from live.show.session import Session
from live.web.server import WebServer
from tests.live.control.show import desk_of, running


@pytest.fixture(scope="module")
def show(small_bundle: Path) -> Iterator[Session]:
    """A real show that has painted."""
    with running(small_bundle) as session:
        yield session


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No presets and tokens of another test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def desk(show: Session) -> Iterator[Desk]:
    """The desk of the show."""
    with desk_of(show) as (made, _):
        yield made


@pytest.fixture
def serve(desk: Desk) -> Iterator[Callable[..., WebServer]]:
    """Starts servers; on 0.0.0.0 they want tokens."""
    servers: list[WebServer] = []

    def start(host: str = "127.0.0.1", port: int = 0) -> WebServer:
        servers.append(WebServer(desk, host, port))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        if not server._thread.loop.is_closed():
            server.stop()


@pytest.fixture
def server(serve: Callable[..., WebServer]) -> WebServer:
    """A server for this machine alone."""
    return serve()
