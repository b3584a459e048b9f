"""A picture of what is seen at one moment, in a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.view import View

SIZE = (1920, 1080)


def save_snapshot(view: View, folder: Path) -> Path:
    """Save a view, without its message, as a PNG in a folder; return its path.

    Raises:
        UserError: it cannot be written.
    """
    from PIL import Image

    from live.compose import compose
    from live.write_whole import whole_file

    picture = compose(replace(view, message=None), *SIZE)
    path = folder / f"soundglass-{datetime.now():%Y%m%d-%H%M%S-%f}.png"
    with whole_file(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")
    return path
