"""Asking a server by HTTP, and looking through its WebSocket as a page does."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from live.web.server import WebServer
from tests.until import LONGEST_S


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        """What it says."""
        return json.loads(self.body)


def url_of(server: WebServer, path: str) -> str:
    """Return where a path is, asked for from this machine."""
    return f"http://127.0.0.1:{server.port}{path}"


def ask(server: WebServer, path: str, method: str = "GET", send: Any = None, **headers: str) -> Any:
    """Return the answer to a request, whatever its status; send: becomes JSON."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    body = None
    if send is not None:
        body = send if isinstance(send, bytes) else json.dumps(send).encode()
        given.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url_of(server, path), body, given, method=method)
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_S) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


class Looker:
    """A page without a browser."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self.line = line
        self.told: list[dict[str, Any]] = []

    async def send(self, **said: Any) -> None:
        """Say something."""
        await self.line.send_json(said)

    async def picture(self) -> tuple[int, bytes]:
        """Return the next picture, its number and its JPEG; what is told meanwhile is kept."""
        while True:
            message = await self.line.receive(timeout=LONGEST_S)
            if message.type is aiohttp.WSMsgType.BINARY:
                return int.from_bytes(message.data[:4], "big"), message.data[4:]
            self.told.append(json.loads(message.data))

    async def kind(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """Return the next that is told of a kind, and in which these are so."""
        while True:
            while self.told:
                said = self.told.pop(0)
                if said["kind"] == kind and wanted.items() <= said.items():
                    return said
            message = await self.line.receive(timeout=LONGEST_S)
            if message.type is aiohttp.WSMsgType.TEXT:
                self.told.append(json.loads(message.data))
            elif message.type is not aiohttp.WSMsgType.BINARY:
                raise ConnectionError(f"it has ended: {message}")


@asynccontextmanager
async def looking(server: WebServer, path: str = "/live", **headers: str) -> AsyncIterator[Looker]:
    """Yield a page that is connected."""
    async with (
        aiohttp.ClientSession() as web,
        web.ws_connect(url_of(server, path), headers=headers, max_msg_size=1 << 24) as line,
    ):
        yield Looker(line)


async def until_async(what: Any, seconds: float = LONGEST_S) -> None:
    """Wait until `what()` is true, and let the loop go on meanwhile."""
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.02)
