"""Tells whoever started this process how it goes, by systemd's protocol (sd_notify(3)).

That is systemd, or our own supervisor, which speaks the same.
"""

from __future__ import annotations

import os
import socket


def notify(**state: str) -> bool:
    """Send variables such as READY="1" or WATCHDOG="1"; return whether anybody was told."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):  # of the abstract namespace
        address = "\0" + address[1:]
    said = "\n".join(f"{name}={' '.join(value.split())}" for name, value in state.items())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(said.encode("utf-8", "replace"), address)
    except OSError:
        return False
    return True


def watchdog_s() -> float | None:
    """Return within how many seconds WATCHDOG has to be told, again and again; None if nobody
    waits for it."""
    usec, pid = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not usec.isdigit() or (pid and pid != str(os.getpid())):
        return None
    return int(usec) / 1e6
