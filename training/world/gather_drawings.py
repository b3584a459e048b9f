"""Writes `drawings/<set>.json` anew: `python -m training.world.gather_drawings` (needs npm).

Only the bodies that some look uses are kept, with the licence and the authors of their set.
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from training.world.subjects.drawings import FOLDER
from training.world.subjects.looks import LOOKS

PACKAGES = {
    "tw": ("@iconify-json/twemoji", "1.2.5"),
    "fl": ("@iconify-json/fluent-emoji-flat", "1.2.6"),
    "no": ("@iconify-json/noto", "1.2.9"),
    "n1": ("@iconify-json/noto-v1", "1.2.5"),
    "fx": ("@iconify-json/fxemoji", "1.2.2"),
    "eo": ("@iconify-json/emojione", "1.2.3"),
    "st": ("@iconify-json/streamline-emojis", "1.2.4"),
}
SHADOW = re.compile(r'<(?:ellipse|path)[^>]*opacity="\.15"[^>]*/>')
"""A grey shadow that one set paints under its drawings: the scene casts its own."""


def _read(package: str, version: str, folder: Path, names: tuple[str, ...]) -> list[dict]:
    """The JSON files of one package."""
    command = ["npm", "pack", "--silent", f"{package}@{version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        members = [archive.extractfile(f"package/{name}.json") for name in names]
        return [json.load(member) for member in members if member]


def _bodies(icons: dict, wanted: list[str]) -> dict[str, dict]:
    bodies = {}
    for name in wanted:
        found = icons["icons"].get(name) or icons["icons"][icons["aliases"][name]["parent"]]
        width = found.get("width", icons.get("width", 16))
        height = found.get("height", icons.get("height", 16))
        view = [found.get("left", 0), found.get("top", 0), width, height]
        bodies[name] = {"view": view, "body": SHADOW.sub("", found["body"])}
    return bodies


def list_used() -> dict[str, list[str]]:
    """Names of the drawings that looks use, by set."""
    names = {part.drawing for looks in LOOKS.values() for look in looks for part in look.parts}
    by_set: dict[str, list[str]] = {}
    for family, name in sorted(drawing.split(":") for drawing in names):
        if family != "own":
            by_set.setdefault(family, []).append(name)
    return by_set


def main() -> None:
    """Downloads every set and writes what is used of it."""
    with tempfile.TemporaryDirectory() as folder:
        for family, wanted in list_used().items():
            package, version = PACKAGES[family]
            icons, info = _read(package, version, Path(folder), ("icons", "info"))
            held = {
                "name": info["name"],
                "package": package,
                "version": version,
                "licence": info["license"]["spdx"],
                "author": info["author"]["name"],
                "bodies": _bodies(icons, wanted),
            }
            text = json.dumps(held, ensure_ascii=False, indent=1)
            (FOLDER / f"{family}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
