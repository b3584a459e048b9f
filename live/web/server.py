"""The page's server: on a thread with a loop of its own, so that it never holds up the show."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Handler

from live.control.osc.address import unusable
from live.loop_thread import LoopThread
from live.web.access import TOKEN_PATH, Guard, add_headers
from live.web.api import Api
from live.web.files import INDEX, PageFile, page_files
from live.web.hub import Hub
from live.web.links import links_of
from live.web.live_socket import LiveSocket
from live.web.metrics import Metrics
from live.web.streams import Streams
from live.web.tokens import keep_tokens

if TYPE_CHECKING:
    from live.control.desk import Desk

MOST_BYTES = 1 << 14
"""Longest body of a request."""
MOST_CONNECTIONS = 256
"""More are closed at once: the show needs files of its own."""
KEPT_S = 75.0
"""How long a connection on which nothing comes is kept."""


class WebServer:
    """Serves one show from `start` to `stop`."""

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        """host: a numeric IPv4 address to serve on; port 0: any that is free.

        Raises:
            UserError: the tokens cannot be kept.
        """
        self._desk, self._host, self._wanted = desk, host, port
        self.tokens = None if ipaddress.ip_address(host).is_loopback else keep_tokens()
        self.port = port
        """The port that it serves on, once started."""
        self._thread = LoopThread("web")
        self._hub = Hub(desk, self._thread.loop)
        self.metrics = Metrics(desk.session, lambda: self._hub.count)
        self._socket = LiveSocket(desk, self._hub, self.metrics)
        self._streams = Streams(desk, self._hub)
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to serve; the desk has the links then.

        Raises:
            UserError: the port cannot be listened on.
        """
        try:
            self._thread.start(self._open())
        except OSError as error:
            self.stop()
            raise unusable(error, self._host, self._wanted, "--web") from error
        self._hub.pictures.start()
        self._desk.links = links_of(self._host, self.port, self.tokens)

    def stop(self) -> None:
        """Serve no more; whoever is connected is told that it ends."""
        self._desk.links = {}
        self._hub.pictures.stop()
        self._thread.stop(self._close())

    async def _open(self) -> None:
        self._runner = web.AppRunner(
            self._app(), access_log=None, shutdown_timeout=1.0, keepalive_timeout=KEPT_S
        )
        await self._runner.setup()
        self._server = await self._thread.loop.create_server(
            self._protocol, self._host, self._wanted, reuse_address=True
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._looking = asyncio.create_task(self._hub.run())

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
        await self._socket.close()
        await self._streams.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _protocol(self) -> asyncio.Protocol:
        assert self._runner is not None
        server = self._runner.server
        assert server is not None
        return server() if len(server.connections) < MOST_CONNECTIONS else _Full()

    def _app(self) -> web.Application:
        guard = Guard(self.tokens, self._desk.session.messages.report_event)
        app = web.Application(middlewares=[guard.middleware], client_max_size=MOST_BYTES)
        app.on_response_prepare.append(add_headers)
        api = Api(self._desk, self._hub, self.metrics)
        for root in ("", TOKEN_PATH + "/{token}"):
            for name, file in page_files().items():
                app.router.add_get(f"{root}/{'' if name == INDEX else name}", _serving(file))
            app.router.add_get(f"{root}/live", self._socket.answer)
            app.router.add_get(f"{root}/mjpeg", self._streams.mjpeg)
            app.router.add_get(root + r"/panels/{track:\d{1,9}}", api.panel)
            app.router.add_get(f"{root}/api", api.index)
            app.router.add_get(f"{root}/api/state", api.state)
            app.router.add_get(f"{root}/api/controls", api.controls)
            app.router.add_get(root + "/api/controls/{name}", api.control)
            app.router.add_post(root + "/api/controls/{name}", api.play)
            app.router.add_get(f"{root}/api/events", self._streams.events)
            app.router.add_get(f"{root}/api/snapshot", api.snapshot)
            app.router.add_get(f"{root}/api/history", api.history)
            app.router.add_get(f"{root}/healthz", api.health)
            app.router.add_get(f"{root}/metrics", api.metrics)
        return app


def _serving(file: PageFile) -> Handler:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=file.body, content_type=file.content_type, charset="utf-8")

    return serve


class _Full(asyncio.Protocol):
    """Closes a connection at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
