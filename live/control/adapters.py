"""The hands that settings ask for: each opened, started and stopped with the show."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from live.clock.hours import read_hours
from live.clock.opening import OpeningClock
from live.control.cues import read_cues
from live.control.desk import Desk, Outcome
from live.control.osc.address import read_address, resolve

if TYPE_CHECKING:
    from live.settings.model import Settings


class Adapter(Protocol):
    """What carries a hand's wishes to the desk, or tells of the show."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End, and give back what was taken."""


class Adapters:
    """Those of one show, from the first that is started to the last that is stopped."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        """Open what the settings ask for; libraries of extras are loaded only here.

        Raises:
            UserError: a port, an address or a cue list cannot be used. Nothing is left open.
            ModuleNotFoundError: an extra is not installed.
        """
        self._running: list[Adapter] = []
        self.osc_port = self.query_port = 0
        """Ports that are listened on; 0 for none."""
        cues = None if settings.cues is None else read_cues(settings.cues)
        try:
            if settings.hours is not None:
                self._keep_hours(desk, settings.hours)
            if settings.osc is not None:
                self._take_osc(desk, settings.osc)
            if settings.osc_out is not None:
                self._send_osc(desk, settings.osc_out)
            if settings.midi:
                self._take_midi(desk)
            if settings.link:
                self._follow_link(desk)
        except BaseException:
            self.stop()
            raise
        if cues is not None:
            desk.use_cues(cues)

    def stop(self) -> None:
        """End them, the newest first."""
        while self._running:
            self._running.pop().stop()

    def add(self, adapter: Adapter) -> None:
        """Have another that has started stopped with them."""
        self._running.append(adapter)

    def _start(self, adapter: Adapter) -> None:
        self.add(adapter)
        adapter.start()

    def _keep_hours(self, desk: Desk, hours: str) -> None:
        def tell(is_open: bool, until: datetime | None) -> None:
            desk.ask("sleep", not is_open, "hours")
            end = f" until {until:%A %H:%M}" if until is not None else ""
            line = f"{'open' if is_open else 'closed'}{end}"
            desk.tell(Outcome(("sleep",), "hours", line))

        self._start(OpeningClock(read_hours(hours), tell))

    def _take_osc(self, desk: Desk, text: str) -> None:
        from live.control.osc.announce import Announcement
        from live.control.osc.query import QueryServer
        from live.control.osc.receiver import Receiver

        host, port = resolve(*read_address(text, "--osc"), "--osc")
        receiver = Receiver(desk, host, port)
        self._start(receiver)
        self.osc_port = receiver.port
        query = QueryServer(desk, host, port, receiver.port)
        query.start()  # stops itself where it cannot
        self.add(query)
        self.query_port = query.port
        if not ipaddress.ip_address(host).is_loopback:
            try:
                self._start(Announcement(host, query.port))
            except Exception as error:  # a network without multicast, say
                desk.tell(Outcome((), "osc", f"OSCQuery is not announced ({error}).", failed=True))

    def _send_osc(self, desk: Desk, text: str) -> None:
        from live.control.osc.sender import Sender

        self._start(Sender(desk, resolve(*read_address(text, "--osc-out"), "--osc-out")))

    def _take_midi(self, desk: Desk) -> None:
        from live.control.midi.ports import MidiPorts

        self._start(MidiPorts(desk))

    def _follow_link(self, desk: Desk) -> None:
        from live.control.tempo import LinkTempo

        self._start(LinkTempo(desk.session))
