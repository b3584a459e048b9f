"""Where recordings and snapshots go that nobody named a place for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from platformdirs import user_pictures_path, user_videos_path


def recording_path() -> Path:
    """Return a new file in the user's folder for videos; the folder is made."""
    folder = user_videos_path() / "Soundglass"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"soundglass-{datetime.now():%Y%m%d-%H%M%S}.mp4"


def snapshot_folder() -> Path:
    """Return the folder for snapshots in the user's folder for pictures; it is made."""
    folder = user_pictures_path() / "Soundglass"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
