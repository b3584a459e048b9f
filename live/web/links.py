"""Where the page is: the address that people type, with their token, and its QR code."""

from __future__ import annotations

import ipaddress
import socket

import segno

from live.control.declared import Link
from live.web.access import TOKEN_PATH, Role
from live.web.tokens import Tokens

_FAR = ("192.0.2.1", 9)
"""An address that nobody has: asked for the way there, nothing is sent."""


def links_of(host: str, port: int, tokens: Tokens | None) -> dict[str, Link]:
    """Return the link for each role; host: the numeric address that is served on."""
    root = f"http://{_reachable(host)}:{port}"
    if tokens is None:
        return {Role.OPERATOR.value: link_to(f"{root}/")}
    return {
        Role.VIEWER.value: link_to(f"{root}{TOKEN_PATH}/{tokens.viewer}/"),
        Role.OPERATOR.value: link_to(f"{root}{TOKEN_PATH}/{tokens.operator}/"),
    }


def link_to(url: str) -> Link:
    """Return a link with its code."""
    code = segno.make_qr(url, error="m")
    return Link(url, tuple(tuple(bool(dark) for dark in row) for row in code.matrix))


def _reachable(host: str) -> str:
    """Return an address by which others reach a host that is served on."""
    if not ipaddress.ip_address(host).is_unspecified:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(_FAR)
            return str(way.getsockname()[0])
        except OSError:  # no network yet
            return socket.gethostname()
