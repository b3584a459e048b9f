"""Whatever is sent, the answer is an answer, nothing changes, and the show goes on."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.control.actions import BY_NAME
from live.control.desk import Desk
from live.web.live_socket import MOST_BYTES
from live.web.server import WebServer
from tests.live.web.asking import ask, looking
from tests.live.web.test_access import PATHS
from tests.until import LONGEST_S, until

MANY = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "TRACE", "X"])
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Host", "Origin", "Authorization", "Content-Type", "Content-Length", "Transfer-Encoding",
         "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Expect", "Range",
         "Accept-Encoding", "Content-Encoding", "Cookie", "X-Forwarded-For"]
    ),
    WORDS | st.sampled_from(
        ["websocket", "Upgrade", "13", "dGhlIHNhbXBsZSBub25jZQ==", "chunked", "gzip", "bytes=0-1",
         "application/json", "100-continue", "0", "99999999999", "-1", "127.0.0.1"]
    ),
    max_size=7,
)  # fmt: skip
TARGETS = st.sampled_from(PATHS) | WORDS.map(lambda text: f"/{text}") | WORDS
BODIES = st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["value", "share", "set", "to", "at"]), inner, max_size=3),
    max_leaves=8,
).map(lambda said: json.dumps(said).encode())
"""Bytes, and JSON of any shape: what stands for no number in it, too."""


def send(server: WebServer, packet: bytes) -> bytes:
    """Send bytes to a server and no more; return the first line that comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=LONGEST_S) as line:
        try:
            line.sendall(packet)
            line.shutdown(socket.SHUT_WR)
            return line.makefile("rb").readline()
        except ConnectionError:
            return b""


@pytest.fixture
def unharmed(
    serve: Callable[..., WebServer], desk: Desk, caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[[], WebServer]]:
    """Returns a server that wants tokens; whatever it was sent, nothing has come of it."""
    asked: list[object] = []
    desk.ask = lambda *what: asked.append(what)  # type: ignore[method-assign]
    desk.ask_at = lambda *what: asked.append(what)  # type: ignore[method-assign]
    server = serve("0.0.0.0")
    yield lambda: server
    assert asked == []
    assert "could not answer" not in "".join(desk.session.messages.all)
    assert [entry for entry in caplog.records if entry.levelno >= logging.ERROR] == []
    assert ask(server, "/api", Authorization=f"Bearer {server.tokens.operator}").status == 200  # type: ignore[union-attr]
    until(lambda: server._hub.count == 0)


@MANY
@given(packet=st.binary(max_size=400))
def test_bytes_that_are_no_request(unharmed: Callable[[], WebServer], packet: bytes) -> None:
    line = send(unharmed(), packet)
    assert line == b"" or line.split()[1] in (b"400", b"401", b"405"), line


@MANY
@given(method=METHODS, target=TARGETS, headers=HEADERS, body=BODIES, role=st.booleans())
def test_requests_of_any_kind(
    unharmed: Callable[[], WebServer],
    method: str,
    target: str,
    headers: dict[str, str],
    body: bytes,
    role: bool,
) -> None:
    server = unharmed()
    assert server.tokens is not None
    # Without a token, or as somebody who may only look.
    root = f"/t/{server.tokens.viewer}" if role else ""
    said = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    packet = f"{method} {root}{target} HTTP/1.1\r\n{head}\r\n".encode() + body
    line = send(server, packet)
    if line:
        status = int(line.split()[1])
        allowed = {100, 101, 200, 204, 400, 401, 403, 404, 405, 413, 415, 417, 426} if role else {
            100, 400, 401, 417
        }  # fmt: skip
        assert status in allowed, (line, packet)


@pytest.fixture
def playing(serve: Callable[..., WebServer], desk: Desk) -> WebServer:
    """A server that whoever is here may play: what is asked for is not done, only checked."""
    desk._into_slot = lambda control, value, origin: None  # type: ignore[method-assign]
    return serve()


@MANY
@given(name=st.sampled_from(sorted(BY_NAME)), body=BODIES, typed=st.booleans())
def test_any_body_for_any_control(
    playing: WebServer, name: str, body: bytes, typed: bool
) -> None:
    kind = "application/json" if typed else "text/plain"
    answer = ask(playing, f"/api/controls/{name}", "POST", body, Content_Type=kind)
    assert answer.status in ((202, 400) if typed else (415,))
    assert answer.body.count(b"\n") == 1
    assert answer.json.keys() <= {"asked", "error"}


@settings(MANY, max_examples=60)
@given(said=st.lists(BODIES | st.binary(max_size=MOST_BYTES + 10), max_size=40))
def test_any_message_over_the_socket(playing: WebServer, said: list[bytes]) -> None:
    async def talk() -> None:
        async with looking(playing) as looker:
            try:
                for message in said:
                    if len(message) % 3:
                        await looker.line.send_bytes(message)
                    else:
                        await looker.line.send_str(message.decode("latin-1"))
                await looker.send(look=30)
                await looker.picture()
            except ConnectionError:  # it was told more than it takes at once
                assert any(2 * len(message) > MOST_BYTES for message in said)

    asyncio.run(talk())
