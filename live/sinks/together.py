"""All sinks of a show: one picture in shared memory for all of them, a supervisor for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from live.output.stage import Stage
from live.sinks.address import Address, Kind
from live.sinks.clock import RATE
from live.sinks.feed import Feed
from live.sinks.panels import PanelPictures
from live.sinks.supervisor import Supervisor
from live.view.picture import View


class Sinks:
    """Those of one show, from the first that is started to the last that is stopped.

    None of them can end the show or hold it up: what fails is one message, and is tried again.
    """

    def __init__(
        self,
        addresses: Sequence[Address],
        stage: Stage,
        view: Callable[[], View],
        panels: int,
        ring_fd: int,
        say: Callable[[str], None],
    ) -> None:
        """Begin to send.

        panels: places of the strip, for sinks that show panels alone. ring_fd: the descriptor of
        the `SharedRing` of the sound. say: is told in one line how a sink fares, when that changes.
        """
        whole = Feed(lambda: stage.want(RATE))
        single = Feed(lambda: PanelPictures(view, max(1, panels), RATE))
        self._running = [
            Supervisor(each, single if each.kind is Kind.NDI_PANELS else whole, ring_fd, say)
            for each in addresses
        ]
        for each in self._running:
            each.start()

    @property
    def sending(self) -> dict[str, bool]:
        """Each sink as it is called, and whether it takes the picture now."""
        return {each.address.said: each.sends for each in self._running}

    def stop(self) -> None:
        """End all of them; streams are ended in order where the other side still takes it."""
        for each in self._running:
            each.ask_to_end()
        for each in self._running:
            each.stop()
        self._running = []
