"""Names of files that follow one another: NAME.mp4, NAME-20261127-181500.mp4, and on."""

from __future__ import annotations

import os
import re
from datetime import datetime
from itertools import chain, count
from pathlib import Path

_DATED = re.compile(r"-\d{8}-\d{6}$")


def undated(path: Path) -> str:
    """Return a file's name without its ending, and without a moment at the end of it."""
    return _DATED.sub("", path.stem)


def dated(path: Path) -> Path:
    """Return a file beside one, named after this moment, that is not there."""
    name = f"{undated(path)}-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}"
    return free_name(path.with_name(name))


def free_name(path: Path) -> Path:
    """Return the path if nothing is there, else NAME-2, NAME-3 and on, before its ending."""
    others = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(each for each in chain([path], others) if not os.path.lexists(each))
