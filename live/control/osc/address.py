"""HOST:PORT as people write it, and what is wrong with one in one line."""

from __future__ import annotations

import errno
import socket

from live.errors import UserError

USUAL_HOST = "127.0.0.1"


def read_address(text: str, said_as: str) -> tuple[str, int]:
    """Return host and port; a port alone is one of this machine.

    said_as names the option in the line of the error: "--osc".

    Raises:
        UserError: it is none.
    """
    host, colon, port = text.strip().rpartition(":")
    host = host.strip("[]") if colon else USUAL_HOST
    if not host or not (port.isascii() and port.isdecimal()) or not 0 <= int(port) <= 65535:
        raise UserError(
            f"{said_as} is {text!r}, but must be HOST:PORT, such as {USUAL_HOST}:9000."
        )
    return host, int(port)


def resolve(host: str, port: int, said_as: str) -> tuple[str, int]:
    """Return the numeric IPv4 address of a host, for UDP.

    Raises:
        UserError: the host has none.
    """
    try:
        found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)
    except OSError as error:
        raise UserError(f"{said_as}: there is no host {host} ({error.strerror}).") from error
    return str(found[0][4][0]), port


def unusable(error: OSError, host: str, port: int, said_as: str) -> UserError:
    """Return the line for an address that cannot be listened on."""
    match error.errno:
        case errno.EADDRINUSE:
            why = f"port {port} of {host} is in use by another program: choose another port"
        case errno.EADDRNOTAVAIL:
            why = f"{host} is no address of this machine: use {USUAL_HOST}, or 0.0.0.0 for all"
        case errno.EACCES:
            why = f"port {port} is kept for the system: choose one of 1024 or above"
        case _:
            why = f"{host}:{port} cannot be listened on ({error.strerror})"
    return UserError(f"{said_as}: {why}.")
