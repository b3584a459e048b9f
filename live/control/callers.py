"""Who asks over HTTP: a browser on behalf of another page, or under a borrowed name, is refused."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web


def from_another_page(request: web.Request) -> bool:
    """Whether a browser asks for a page that is not ours: that page could play the show."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def named_by_number(request: web.Request) -> bool:
    """Whether the show was asked for by its address, and not by a name that anybody may give it."""
    try:
        host = request.url.host or ""
    except ValueError:  # no name at all
        return False
    try:
        return host == "localhost" or bool(ipaddress.ip_address(host))
    except ValueError:
        return host.removesuffix(".local") == socket.gethostname()
