"""The cross-fade between pictures: steady, without jumps, as long as the next picture takes."""

from __future__ import annotations

import numpy as np
from PIL import Image

from engine.packets import U8
from engine.painting.crop import cover

SHORTEST_S = 0.06
"""A fade is never shorter than this, however fast pictures come."""
LONGEST_S = 0.9
"""A fade is never longer than this, however slowly pictures come."""


class CrossFade:
    """Goes from picture to picture over the interval that pictures keep.

    A picture that comes before the last fade is over starts from what is seen at that moment, so
    the change is continuous at any rate. The fade is linear: one fade follows another without
    pause, and easing each of them would make steady motion pulse.
    """

    def __init__(self, first: U8 | None = None, first_fade_s: float = 0.6) -> None:
        """Start at `first` (h, w, 3), or at the first picture shown.

        first_fade_s is the length of the first fade, in seconds.
        """
        self._interval_s = first_fade_s
        self._shown_at_s: float | None = None
        self._start = first
        self._end: U8 | None = self._start
        self.version = 0
        """Raised whenever `start` or `end` changes, so that textures can be kept until then."""

    @property
    def start(self) -> U8 | None:
        """(h, w, 3) picture the fade comes from; None before the first picture."""
        return self._start

    @property
    def end(self) -> U8 | None:
        """(h, w, 3) picture the fade goes to, of the same shape as `start`."""
        return self._end

    @property
    def duration_s(self) -> float:
        """Length of the fade that is under way."""
        return min(max(self._interval_s, SHORTEST_S), LONGEST_S)

    def show(self, picture: U8, now_s: float) -> bool:
        """Start to fade to a (h, w, 3) picture; the same array again changes nothing.

        Returns whether a fade has started.
        """
        if self._shown_at_s is not None and picture is self._end:
            return False
        seen = self.picture_at(now_s)
        self._end = picture
        if self._shown_at_s is not None:
            # Follow a slower rhythm fast and a faster one slowly: a fade that stands still for a
            # moment is seen less than one that is cut short.
            gap = now_s - self._shown_at_s
            share = 0.6 if gap > self._interval_s else 0.3
            self._interval_s += share * (min(gap, 2 * LONGEST_S) - self._interval_s)
        self._start = self._end if seen is None else resize_to(seen, self._end.shape)
        self._shown_at_s = now_s
        self.version += 1
        return True

    def mix(self, now_s: float) -> float:
        """How far the fade has gone at a moment, in [0, 1]."""
        if self._shown_at_s is None:
            return 1.0
        return min(max((now_s - self._shown_at_s) / self.duration_s, 0.0), 1.0)

    def picture_at(self, now_s: float) -> U8 | None:
        """Return the (h, w, 3) picture as it is seen at a moment; None before the first."""
        if self._start is None or self._end is None:
            return None
        return blend(self._start, self._end, self.mix(now_s))


def blend(start: U8, end: U8, mix: float) -> U8:
    """Mix two pictures of one shape; mix 0 is start and 1 is end."""
    if mix <= 0.0 or start is end:
        return start
    if mix >= 1.0:
        return end
    # In whole numbers, which takes half of Pillow's time, and lets other threads go on meanwhile.
    share = np.uint16(round(mix * 256))
    mixed = start.astype(np.uint16)
    mixed *= np.uint16(256) - share
    mixed += end.astype(np.uint16) * share
    mixed >>= 8
    return mixed.astype(np.uint8)


def resize_to(picture: U8, shape: tuple[int, ...]) -> U8:
    """Return the picture at the (h, w) of a shape; of one of another aspect, what covers it.

    A window that has been turned shows that part of it already: the fade begins with what is seen.
    """
    height, width = shape[:2]
    tall, wide = picture.shape[:2]
    if (tall, wide) == (height, width):
        return picture
    part = cover(wide / tall, width / height)
    box = (
        part.x * wide,
        part.y * tall,
        min(wide, (part.x + part.width) * wide),
        min(tall, (part.y + part.height) * tall),
    )
    image = Image.fromarray(picture)
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC, box=box))
