"""What goes on for as long as somebody takes it: MJPEG for plain browsers, events for programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from aiohttp import web

from live.web import telling
from live.web.access import plain
from live.web.hub import FullError, Hub
from live.web.listener import Listener
from live.web.live_socket import SLOW_S

if TYPE_CHECKING:
    from live.control.desk import Desk

USUAL_RATE = 10.0
_EDGE = "picture"
Send = Callable[[web.StreamResponse, Listener], Coroutine[None, None, None]]


class Streams:
    """The streams of one show."""

    def __init__(self, desk: Desk, hub: Hub) -> None:
        self._desk, self._hub = desk, hub
        self._open: set[asyncio.Task[None]] = set()

    async def mjpeg(self, request: web.Request) -> web.StreamResponse:
        """The live picture, for an `img` and for programs; `?rate=` pictures a second."""
        try:
            rate = float(request.query.get("rate", USUAL_RATE))
        except ValueError:
            rate = 0.0
        if not rate > 0:
            return plain(400, "rate must be a number of pictures a second")
        kind = f"multipart/x-mixed-replace; boundary={_EDGE}"
        return await self._stream(request, kind, self._send_pictures, rate)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Hearings, changes of controls, lines and the state, as server-sent events."""
        return await self._stream(request, "text/event-stream", self._send_events, 0.0)

    async def close(self) -> None:
        """End those that are open."""
        for task in list(self._open):
            task.cancel()

    async def _stream(
        self, request: web.Request, kind: str, send: Send, rate: float
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": kind})
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with self._hub.listening(hears=not rate) as listener:
                await response.prepare(request)
                listener.look(rate)
                self._hub.see_who_looks()
                await send(response, listener)
        except FullError:
            return plain(503, "there are too many already")
        except (ConnectionError, TimeoutError):
            if request.transport is not None:  # it would not take an end either
                request.transport.abort()
        finally:
            self._open.discard(task)
        return response

    async def _send_pictures(self, response: web.StreamResponse, listener: Listener) -> None:
        # A browser shows a part only when it sees that the next one begins.
        await response.write(f"--{_EDGE}\r\n".encode())
        while True:
            _, picture = await listener.next()
            if picture is None:
                continue
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(picture.jpeg)}\r\n\r\n"
            async with asyncio.timeout(SLOW_S):
                await response.write(head.encode() + picture.jpeg + f"\r\n--{_EDGE}\r\n".encode())
            listener.ready = True
            self._hub.see_who_looks()

    async def _send_events(self, response: web.StreamResponse, listener: Listener) -> None:
        listener.tell("controls", {"kind": "controls", "controls": telling.controls(self._desk)})
        while True:
            told, _ = await listener.next()
            async with asyncio.timeout(SLOW_S):
                await response.write(b"".join(_event(what) for what in told))


def _event(what: dict[str, object]) -> bytes:
    """Return one server-sent event: its name, and JSON in one line."""
    said = dict(what)
    kind = said.pop("kind")
    return f"event: {kind}\ndata: {json.dumps(said)}\n\n".encode()
