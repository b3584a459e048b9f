"""A file of a recording: encoded pictures, and the sound of the ring beside them."""

from __future__ import annotations

import numpy as np

from engine.sound.ring import Overrun, SampleRing
from live.film.encoder import Encoded
from live.input.shared_ring import RING_HZ
from live.output.movie import Movie


class Clip:
    """Adds pictures to a movie, and to each the sound up to its moment.

    Every method raises UserError as the movie does.
    """

    def __init__(
        self, movie: Movie, ring: SampleRing, key: Encoded, heard: int | None = None
    ) -> None:
        """Begin with a key picture, and with its sound or that from sample `heard` on."""
        self.movie = movie
        self.missing_s = 0.0
        """Seconds of sound that were gone before they could be written."""
        self._ring = ring
        self.heard = max(ring.oldest, self._sample_at(key.at_s)) if heard is None else heard
        """The sound up to here is in it."""
        self._first = self.heard
        # Also for what was heard before it: nothing else was to be seen then.
        movie.add_encoded(key, 0.0)
        self.hear_until(key.at_s)

    def add(self, picture: Encoded) -> None:
        """Add a picture and its sound."""
        # By the sample clock: a clock of the computer would be seconds off after a week.
        state = self._ring.state()
        heard_s = (state.written - self._first) / RING_HZ
        at_s = heard_s + picture.at_s - state.captured_at_s
        self.movie.add_encoded(picture, max(0.0, at_s))
        self.hear_until(picture.at_s)

    def hear_until(self, at_s: float) -> None:
        """Add the sound up to a moment of time.monotonic(), as far as there is any."""
        end = self._sample_at(at_s)
        if end <= self.heard:
            return
        try:
            samples = self._ring.read(self.heard, end)
        except Overrun:
            self.missing_s += (end - self.heard) / RING_HZ
            samples = np.zeros(end - self.heard, np.float32)
        self.heard = end
        self.movie.add_sound(samples)

    def _sample_at(self, at_s: float) -> int:
        state = self._ring.state()
        ago = max(0, round((state.captured_at_s - at_s) * RING_HZ))
        return max(0, state.written - ago)
