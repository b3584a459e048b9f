"""Files that appear whole or not at all: written beside their place, then renamed into it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np


def write_text(path: Path, text: str) -> None:
    """Writes a text file as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def write_array(path: Path, array: np.ndarray) -> None:
    """Writes a .npy file."""
    part = path.with_suffix(".part.npy")
    np.save(part, array)
    os.replace(part, path)
