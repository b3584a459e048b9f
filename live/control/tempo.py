"""Ableton Link: the tempo of the room moves the drift of light and the pulse of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from link import Link

from engine.painting.atmosphere import DAY_S

if TYPE_CHECKING:
    from live.show.session import Session

USUAL_BPM = 120.0
BEATS_A_DAY = 2048
"""A day of the light that is left to itself lasts so many beats: 17 minutes at 120 a minute."""
PULSE = 0.5
"""How strong a beat is, over the strongest onset."""
QUANTUM = 4.0
"""Beats of a bar, as most sets have."""


class LinkTempo:
    """Follows the session on the local network from `start` to `stop`; alone it does nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._link = Link(USUAL_BPM)
        self._clock = self._link.clock()

    def start(self) -> None:
        """Look for others, and follow them."""
        self._link.setTempoCallback(lambda _: self._drift())
        self._link.setNumPeersCallback(lambda _: self._drift())
        self._session.pulse_with(self.pulse)
        self._link.enabled = True

    def stop(self) -> None:
        """Leave the session; light drifts by its own clock again."""
        self._link.enabled = False
        # It would keep this, and this would keep it, beyond the end of the program.
        self._link.setTempoCallback(_nothing)
        self._link.setNumPeersCallback(_nothing)
        self._session.pulse_with(None)
        self._session.drift_at(1.0)

    def pulse(self) -> float:
        """Return how much of a beat there is at this moment, in [0, 1]: 1 as it falls."""
        if not self._link.numPeers():
            return 0.0
        state = self._link.captureAppSessionState()
        return pulse_at(state.phaseAtTime(self._clock.micros(), QUANTUM))

    def _drift(self) -> None:
        alone = not self._link.numPeers()
        tempo = self._link.captureAppSessionState().tempo()
        self._session.drift_at(1.0 if alone else drift_rate(tempo))


def _nothing(_: float) -> None:
    """Is called with what nobody follows any more."""


def pulse_at(beat: float) -> float:
    """Return the pulse at a beat, of which the fraction counts: down from PULSE within it."""
    return PULSE * (1.0 - beat % 1.0) ** 3


def drift_rate(bpm: float) -> float:
    """Return how many times as fast as usual light drifts at a tempo."""
    return DAY_S * bpm / (60.0 * BEATS_A_DAY)
