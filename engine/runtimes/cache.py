"""Where things wait that were found out or built on this machine, and how they get there whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The user's cache folder for soundglass; not made yet."""
    return Path(platformdirs.user_cache_dir("soundglass"))


def engine_folder() -> Path:
    """Where engines are kept on this machine; not made yet."""
    return cache_folder() / "engines"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old content or the new, never a part of it.

    Raises OSError when it cannot be written; then nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
