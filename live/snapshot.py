"""What is seen at one moment as a picture of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PIL import Image

from live.compose import compose
from live.view import View
from live.write_whole import whole_file


def save_snapshot(view: View, folder: Path) -> Path:
    """Save a view as a PNG of 1920 x 1080, named after the time, in a folder; return its path.

    Raises:
        UserError: it cannot be written.
    """
    picture = compose(view, 1920, 1080)
    path = folder / f"soundglass-{datetime.now():%Y%m%d-%H%M%S-%f}.png"
    with whole_file(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")
    return path
