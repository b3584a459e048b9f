"""Painted pictures by the sound that they show: a folder of files that are named by its key.

    KEY.png         the picture of the sound with that key
    KEY.1.png       a further one of the same sound, and so on

PNG, JPEG and WebP; whoever painted them, this program or another.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from training.loop.plain_errors import InputError

ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


def find_painted(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    """Every picture by its key, in the order of their names. Raises InputError without any."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder of pictures; paint first, or name another")
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in ENDINGS and not path.name.startswith("."):
            found.setdefault(key_of(path), []).append(path)
    if not found:
        raise InputError(f"{folder} holds no pictures (KEY.png, KEY.1.png, .jpg or .webp)")
    return {key: tuple(paths) for key, paths in found.items()}


def key_of(path: Path) -> str:
    """The key in a picture's name, without the number that may stand behind it."""
    stem, _, number = path.stem.rpartition(".")
    return stem if stem and number.isdecimal() else path.stem


def open_picture(path: Path) -> Image.Image:
    """The picture in a file. Raises InputError."""
    try:
        with Image.open(path) as opened:
            return opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"{path} cannot be read as a picture ({error})") from error
