"""What is remembered of each screen: its corners and soft edges, and which one was used last.

A screen is known by what it says of itself (maker, model, serial number), so it keeps all of this
when it is plugged in elsewhere. A TOML file in the configuration folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from live.errors import UserError
from live.paths.write_whole import write_whole
from live.settings.file import default_settings_path, encode_settings
from live.settings.text import read_toml

_HEADING = """\
# What soundglass remembers of screens. corners: upper left, upper right, lower right, lower left,
# as shares of width and height. edges: left, top, right, bottom soft edge, as shares too.
"""
Corners = tuple[tuple[float, float], ...]
WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_LOW, _HIGH = -0.25, 1.25


@dataclass(frozen=True, slots=True)
class Trim:
    """How the picture was fitted to one screen."""

    corners: Corners = WHOLE
    """Upper left, upper right, lower right, lower left; shares of width and height."""
    edges: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Left, top, right and bottom soft edge; shares of width and height, in [0, 0.5]."""


@dataclass(slots=True)
class ScreenMemory:
    """The file, read; `save` writes it."""

    last: str = ""
    """Key of the screen that the show was on last; empty for none."""
    trims: dict[str, Trim] = field(default_factory=dict)
    """By key of the screen."""

    def trim(self, key: str) -> Trim:
        """Return how the picture is fitted to a screen."""
        return self.trims.get(key, Trim())

    def save(self) -> None:
        """Write it, whole or not at all.

        Raises:
            UserError: it cannot be written.
        """
        lines = [_HEADING, f"last = {_quoted(self.last)}", ""]
        for key, trim in self.trims.items():
            if trim == Trim():
                continue
            corners = ", ".join(f"[{x:.5f}, {y:.5f}]" for x, y in trim.corners)
            edges = ", ".join(f"{edge:.5f}" for edge in trim.edges)
            lines += [
                f"[screen.{_quoted(key)}]", f"corners = [{corners}]", f"edges = [{edges}]", "",
            ]  # fmt: skip
        write_whole(screens_path(), encode_settings("\n".join(lines)))


def screens_path() -> Path:
    """Return where it is kept; the file need not exist."""
    return default_settings_path().parent / "screens.toml"


def read_screens() -> ScreenMemory:
    """Return what is remembered.

    Raises:
        UserError: the file is not right; the line names it and the place. It is left as it is.
    """
    path = screens_path()
    if not path.exists():
        return ScreenMemory()
    given = read_toml(path, "screens file", "remove it")
    last, screens = given.get("last", ""), given.get("screen", {})
    if not isinstance(last, str) or not isinstance(screens, dict):
        raise UserError(f"screens file {path}: it is not as soundglass writes it; remove it.")
    where = f"screens file {path}: screen"
    return ScreenMemory(last, {key: _trim(each, f"{where} {key}") for key, each in screens.items()})


def _trim(given: Any, where: str) -> Trim:
    if not isinstance(given, dict):
        raise UserError(f"{where} is no table of corners and edges.")
    corners, edges = given.get("corners", WHOLE), given.get("edges", Trim().edges)
    if not (_is_list(corners, 4) and all(_is_numbers(each, 2, _LOW, _HIGH) for each in corners)):
        raise UserError(f"{where}: corners are not four pairs of numbers from {_LOW} to {_HIGH}.")
    if not _is_numbers(edges, 4, 0.0, 0.5):
        raise UserError(f"{where}: edges are not four numbers from 0 to 0.5.")
    left, top, right, bottom = (float(edge) for edge in edges)
    return Trim(tuple((float(x), float(y)) for x, y in corners), (left, top, right, bottom))


def _is_list(given: Any, length: int) -> bool:
    return isinstance(given, list | tuple) and len(given) == length


def _is_numbers(given: Any, length: int, low: float, high: float) -> bool:
    return _is_list(given, length) and all(
        isinstance(each, int | float) and not isinstance(each, bool) and low <= each <= high
        for each in given
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
