"""A picture as a JPEG, small enough for a network and fine enough to look at."""

from __future__ import annotations

import io

from PIL import Image

from engine.packets import U8

QUALITY = 80
"""1280x720 are about 55 kB."""


def jpeg(picture: U8) -> bytes:
    """Return (h, w, 3) pixels as a JPEG."""
    made = io.BytesIO()
    Image.fromarray(picture).save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
