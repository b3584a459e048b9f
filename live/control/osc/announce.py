"""Telling the local network where OSCQuery is, so that other programs find the show by name."""

from __future__ import annotations

import ipaddress
import socket

SERVICE = "_oscjson._tcp.local."


class Announcement:
    """Is told from `start` to `stop`, where there is a network to tell."""

    def __init__(self, host: str, port: int) -> None:
        """host: a numeric address that is served on, 0.0.0.0 for all. port: of OSCQuery."""
        from zeroconf import InterfaceChoice, IPVersion, ServiceInfo, Zeroconf

        everywhere = ipaddress.ip_address(host).is_unspecified
        self._zeroconf = Zeroconf(
            interfaces=InterfaceChoice.All if everywhere else [host],
            ip_version=IPVersion.V4Only,
        )
        name = f"Soundglass on {socket.gethostname()}-{port}"
        self._info = ServiceInfo(
            SERVICE, f"{name}.{SERVICE}", port=port,
            parsed_addresses=_own_addresses() if everywhere else [host],
        )  # fmt: skip

    def start(self) -> None:
        """Begin to tell."""
        self._zeroconf.register_service(self._info, allow_name_change=True)

    def stop(self) -> None:
        """Take it back."""
        self._zeroconf.unregister_all_services()
        self._zeroconf.close()


def _own_addresses() -> list[str]:
    found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM)
    return sorted({str(address[0]) for *_, address in found})
