"""OSCQuery: the tree over HTTP, and changes over a WebSocket to those who LISTEN."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from live.control.callers import from_another_page, named_by_number
from live.control.desk import Desk
from live.control.lane import PERIOD_S
from live.control.osc.address import unusable
from live.control.osc.packets import ERROR, ROOT, message, messages_of
from live.control.osc.playing import Message, Playing, value_message
from live.control.osc.tree import ATTRIBUTES, node_at, tree
from live.control.values import share_of
from live.control.watch import Watch
from live.errors import UserError
from live.loop_thread import LoopThread

MOST_BYTES = 1 << 16
"""Longest message over a WebSocket."""
MOST_CLIENTS = 32
MOST_LISTENED = 4096
"""Paths that a client may listen to."""
SLOW_S = 5.0
"""A client that takes nothing for so long is let go."""
EXTENSIONS = {
    "ACCESS": True, "CLIPMODE": True, "DESCRIPTION": True, "LISTEN": True, "RANGE": True,
    "TYPE": True, "UNIT": True, "VALUE": True, "PATH_CHANGED": False,
}  # fmt: skip


class QueryServer:
    """Serves on a TCP port, on a thread with a loop of its own, from `start` to `stop`."""

    def __init__(self, desk: Desk, host: str, port: int, osc_port: int) -> None:
        """host, port: to serve on, port 0 for any that is free. osc_port: where OSC is taken."""
        self._desk, self._host, self._wanted = desk, host, port
        self._osc_port = osc_port
        self._playing = Playing(desk)
        self._thread = LoopThread("oscquery")
        self._runner: web.AppRunner | None = None
        self._clients: set[web.WebSocketResponse] = set()
        self.port = port
        """The port that it serves on, once started."""

    def start(self) -> None:
        """Begin to serve.

        Raises:
            UserError: the port cannot be listened on.
        """
        try:
            self._thread.start(self._open())
        except OSError as error:
            self.stop()
            raise unusable(error, self._host, self._wanted, "--osc (OSCQuery, TCP)") from error

    def stop(self) -> None:
        """Serve no more; clients are told that it ends."""
        self._thread.stop(self._close())

    async def _open(self) -> None:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._wanted)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def _close(self) -> None:
        for client in list(self._clients):
            await client.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if from_another_page(request) or not named_by_number(request):
            return web.Response(status=403, text="this page may not play the show\n")
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._serve_client(request)
        asked = request.query_string.partition("=")[0]
        if asked == "HOST_INFO":
            return _json(self._host_info())
        node = node_at(tree(self._desk), request.path)
        if node is None:
            return web.Response(status=404, text=f"there is no {request.path[:80]}\n")
        if not asked:
            return _json(node)
        if asked not in ATTRIBUTES:
            return web.Response(status=400, text=f"there is no attribute {asked[:40]}\n")
        return _json({asked: node[asked]}) if asked in node else web.Response(status=204)

    def _host_info(self) -> dict[str, Any]:
        return {
            "NAME": "Soundglass", "EXTENSIONS": EXTENSIONS, "OSC_PORT": self._osc_port,
            "OSC_TRANSPORT": "UDP", "WS_PORT": self.port,
        }  # fmt: skip

    async def _serve_client(self, request: web.Request) -> web.StreamResponse:
        if len(self._clients) >= MOST_CLIENTS:
            return web.Response(status=503, text="there are too many clients already\n")
        client = web.WebSocketResponse(heartbeat=30.0, max_msg_size=MOST_BYTES)
        await client.prepare(request)
        self._clients.add(client)
        paths: set[str] = set()
        telling = asyncio.create_task(self._tell(client, paths))
        origin = f"oscquery {request.remote}"
        try:
            async for said in client:
                if said.type is WSMsgType.TEXT:
                    _listen(said.data, paths)
                elif said.type is WSMsgType.BINARY:
                    await self._play(client, said.data, origin)
        finally:
            telling.cancel()
            self._clients.discard(client)
        return client

    async def _play(self, client: web.WebSocketResponse, packet: bytes, origin: str) -> None:
        try:
            for address, values in messages_of(packet):
                for answer, said in self._playing.play(address, values, origin):
                    await client.send_bytes(message(answer, *said))
        except UserError as error:
            await client.send_bytes(message(ERROR, str(error)))

    async def _tell(self, client: web.WebSocketResponse, paths: set[str]) -> None:
        """Send what changes at the paths that a client listens to; the newest only."""
        watch = Watch(self._desk)
        watch.look()
        while not client.closed:
            await asyncio.sleep(PERIOD_S)
            told: list[Message] = []
            for changed in watch.look():
                control, value = changed.control, changed.value
                told.append(value_message(control, value))
                told.append((f"{ROOT}/norm/{control.name}", (share_of(control, value),)))
            try:
                for address, said in told:
                    if address in paths:
                        sending = client.send_bytes(message(address, *said))
                        await asyncio.wait_for(sending, SLOW_S)
            except (ConnectionError, TimeoutError):
                await client.close()


def _listen(text: str, paths: set[str]) -> None:
    """Take a client's LISTEN or IGNORE; what is neither is passed over, as OSCQuery has it."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict) or not isinstance(said.get("DATA"), str):
        return
    if said.get("COMMAND") == "LISTEN" and len(paths) < MOST_LISTENED:
        paths.add(said["DATA"])
    elif said.get("COMMAND") == "IGNORE":
        paths.discard(said["DATA"])


def _json(body: dict[str, Any]) -> web.Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.json_response(body, headers=headers)
