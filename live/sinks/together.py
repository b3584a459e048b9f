"""All sinks of a show: one picture or one encoding of it for all of them, a supervisor for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from live.film.forms import RATE
from live.film.sharing import SharedEncoding, SharedPictures
from live.film.stage import Stage
from live.sinks.address import Address, Kind, read_outs
from live.sinks.feed import Feed
from live.sinks.panels import PanelPictures
from live.sinks.supervisor import Supervisor
from live.view.picture import View


class Sinks:
    """Those of one show; any thread may call any method.

    None of them can end the show or hold it up: what fails is one message, and is tried again.
    """

    def __init__(
        self,
        stage: Stage,
        encoding: SharedEncoding,
        view: Callable[[], View],
        panels: int,
        ring_fd: int,
        say: Callable[[str], None],
    ) -> None:
        """Nothing is sent yet.

        panels: places of the strip, for sinks that show panels alone. ring_fd: the descriptor of
        the `SharedRing` of the sound. say: is told in one line how a sink fares, when that changes.
        """
        self._whole = SharedPictures(stage)
        self._panels = Feed(lambda: PanelPictures(view, max(1, panels), RATE))
        self._encoding, self._ring_fd, self._say = encoding, ring_fd, say
        self._lock = threading.Lock()
        self._running: tuple[Supervisor, ...] = ()

    def send_to(self, outs: Sequence[str]) -> None:
        """Send to these addresses, as `--out` has them, from now on, and to no other.

        Raises:
            UserError: one of them cannot be; those before go on.
        """
        addresses = read_outs(outs)
        with self._lock:
            kept = {each.address: each for each in self._running if each.address in addresses}
            ending = [each for each in self._running if each.address not in kept]
            for each in ending:
                each.ask_to_end()
            for each in ending:
                each.stop()
            self._running = tuple(kept.get(each) or self._start(each) for each in addresses)

    @property
    def sending(self) -> dict[str, bool]:
        """Each sink as it is called, and whether the other side takes the picture now."""
        return {each.address.said: each.sends for each in self._running}

    def stop(self) -> None:
        """End all of them; streams are ended in order where the other side still takes it."""
        self.send_to(())

    def _start(self, address: Address) -> Supervisor:
        match address.kind:
            case Kind.RTMP | Kind.SRT:
                feed = self._encoding
            case Kind.NDI_PANELS:
                feed = self._panels
            case Kind.NDI | Kind.CAMERA:
                feed = self._whole
        started = Supervisor(address, feed, self._ring_fd, self._say)
        started.start()
        return started
