"""In which form readers take what is shown, and how often."""

from __future__ import annotations

from enum import Enum

RATE = 20
"""Pictures a second of recordings, streams and cameras: what more would cost, the show needs."""
MOST_BITS = 4_000_000
"""A second of what is encoded, as stream services ask for at 1280x720."""
NICE = 10
"""Behind hearing and painting: where the processor is short, pictures are left out."""


class Form(Enum):
    """What a reader takes."""

    JPEG = "jpeg"
    """Each by itself, in the frame."""
    ENCODED = "encoded"
    """H.264, from the memory for all who take it."""
    FRAMES = "frames"
    """Pixels, from the memory for all who take them."""
