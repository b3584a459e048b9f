"""What is seen at one moment, saved as a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.view.picture import View

PIXELS = 1920 * 1080


def save_snapshot(view: View, folder: Path) -> Path:
    """Save a view, without its message, as a PNG of its own shape in a folder; return its path.

    Raises:
        UserError: it cannot be written.
    """
    from PIL import Image

    from live.compose.frame import compose, frame_size
    from live.paths.write_whole import whole_file

    picture = compose(replace(view, message=None), *frame_size(view.aspect, PIXELS))
    path = folder / f"soundglass-{datetime.now():%Y%m%d-%H%M%S-%f}.png"
    with whole_file(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")
    return path
