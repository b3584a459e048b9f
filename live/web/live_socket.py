"""The page's WebSocket: pictures and news one way, what a hand wants the other.

To the page go a picture as its number (four bytes, the most significant first) and a JPEG, and all
else as JSON with its `kind`. The page sends JSON: {"look": 10} for ten pictures a second, {"drawn":
17} when picture 17 is on its screen and the next may come, {"set": "light", "to": "night"} and
{"set": "sensitivity", "at": 0.5} for a fader's place.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from live.errors import UserError
from live.web import telling
from live.web.access import ROLE, Role, plain
from live.web.hub import FullError, Hub
from live.web.listener import Listener

if TYPE_CHECKING:
    from live.control.desk import Desk
    from live.web.metrics import Metrics

MOST_BYTES = 4096
"""Longest message of a page."""
SLOW_S = 10.0
"""A page that takes nothing for so long is let go; it will come again."""


class LiveSocket:
    """Answers the pages of one show."""

    def __init__(self, desk: Desk, hub: Hub, metrics: Metrics) -> None:
        self._desk, self._hub, self._metrics = desk, hub, metrics
        self._open: set[web.WebSocketResponse] = set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Talk to a page until it goes."""
        socket = web.WebSocketResponse(heartbeat=30.0, max_msg_size=MOST_BYTES, compress=False)
        if not socket.can_prepare(request):
            return plain(426, "this is a WebSocket", {"Upgrade": "websocket"})
        try:
            with self._hub.listening() as listener:
                await socket.prepare(request)
                self._open.add(socket)
                await _Page(self, request, socket, listener).talk()
        except FullError:
            return plain(503, "there are too many already")
        finally:
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Tell every page that it ends."""
        for socket in list(self._open):
            await socket.close()

    def hello(self, role: Role) -> dict[str, Any]:
        """Return what a page must know first."""
        return {"kind": "hello", "role": role.value, "controls": telling.controls(self._desk)}

    def play(self, name: str, said: dict[str, Any], origin: str) -> None:
        """Ask for what a hand wants. Raises UserError."""
        if "at" in said:
            self._desk.ask_at(name, said["at"], origin)
        else:
            self._desk.ask(name, said.get("to", True), origin)

    def drawn(self, late_s: float) -> None:
        """Take note of how late a picture was drawn."""
        self._metrics.drawn(late_s)

    def see_who_looks(self) -> None:
        """After somebody has begun or ended to look."""
        self._hub.see_who_looks()


class _Page:
    """One page that is open somewhere."""

    def __init__(
        self,
        host: LiveSocket,
        request: web.Request,
        socket: web.WebSocketResponse,
        listener: Listener,
    ) -> None:
        self._host, self._socket, self._listener = host, socket, listener
        self._transport = request.transport
        self._role: Role = request[ROLE]
        self._origin = f"web {request.remote}"
        self._sent: tuple[int, float] | None = None
        """Number and moment of the picture that is on its way."""

    async def talk(self) -> None:
        await self._socket.send_json(self._host.hello(self._role))
        sending = asyncio.create_task(self._send())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            sending.cancel()

    async def _send(self) -> None:
        try:
            while not self._socket.closed:
                told, picture = await self._listener.next()
                async with asyncio.timeout(SLOW_S):
                    for what in told:
                        await self._socket.send_json(what)
                    if picture is not None:
                        self._sent = picture.number, picture.at_s
                        head = picture.number.to_bytes(4, "big")
                        await self._socket.send_bytes(head + picture.jpeg)
        except (ConnectionError, TimeoutError):
            # It would not take a farewell either.
            if self._transport is not None:
                self._transport.abort()

    def _take(self, text: str) -> None:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(said, dict):
            return
        if "look" in said:
            self._look(said["look"])
        elif "drawn" in said:
            self._drawn(said["drawn"])
        elif isinstance(said.get("set"), str):
            self._play(said["set"], said)

    def _look(self, rate: Any) -> None:
        if isinstance(rate, int | float) and not isinstance(rate, bool) and rate >= 0:
            self._listener.look(float(rate))
            self._host.see_who_looks()

    def _drawn(self, number: Any) -> None:
        if self._sent is None or self._sent[0] != number:
            return
        self._host.drawn(time.monotonic() - self._sent[1])
        self._sent = None
        self._listener.ready = self._listener.rate > 0
        self._host.see_who_looks()

    def _play(self, name: str, said: dict[str, Any]) -> None:
        try:
            if self._role is not Role.OPERATOR:
                raise UserError("viewers may look, and operators play.")
            self._host.play(name, said, self._origin)
        except UserError as error:
            refused = {"kind": "refused", "name": name[:80], "text": str(error)}
            self._listener.tell(f"refused {name[:80]}", refused)
