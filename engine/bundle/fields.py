"""A JSON object's fields, taken out one by one, each checked for its type and range."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Any

from engine.system.terminal import harmless


class BundleError(ValueError):
    """A bundle cannot be used. One line that names the bundle, the file at fault and the remedy."""


class Refused(BundleError):  # noqa: N818 - a BundleError in the making
    """A manifest's fault, before the bundle's name and the remedy are known."""


class Fields:
    """A JSON object whose fields are taken out one by one, each checked."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise Refused(f"{where or 'it'} must be an object, not {shown(data)}")
        self._data: dict[str, Any] = data
        self._taken: set[str] = set()
        self.where = where

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def _take(self, name: str) -> Any:
        if name not in self._data:
            near = difflib.get_close_matches(name, set(self._data) - self._taken, 1)
            hint = f' (did you mean that by "{near[0]}"?)' if near else ""
            raise Refused(f"lacks {self._path(name)}{hint}")
        self._taken.add(name)
        return self._data[name]

    def integer(self, name: str, low: int, high: int) -> int:
        """A whole number from low to high."""
        value = self._take(name)
        if not is_whole(value) or not low <= value <= high:
            raise Refused(
                f"{self._path(name)} must be a whole number from {low} to {high}, "
                f"not {shown(value)}"
            )
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """A finite number from low to high."""
        value = self._take(name)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not low <= value <= high:  # not a number is in no range
            raise Refused(
                f"{self._path(name)} must be a number from {low:g} to {high:g}, "
                f"not {shown(value)}"
            )
        return float(value)

    def text(self, name: str) -> str:
        """Text that is not empty."""
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            raise Refused(f"{self._path(name)} must be text, not {shown(value)}")
        return _readable(value, self._path(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, none empty."""
        value = self.list(name)
        if not all(isinstance(t, str) and t.strip() for t in value):
            raise Refused(f"{self._path(name)} must hold texts only")
        return tuple(_readable(text, self._path(name)) for text in value)

    def list(self, name: str) -> Sequence[Any]:
        """A list, whatever it holds."""
        value = self._take(name)
        if not isinstance(value, list):
            raise Refused(f"{self._path(name)} must be a list, not {shown(value)}")
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """An object as it is, whatever it holds."""
        return self.fields(name).everything()

    def fields(self, name: str) -> Fields:
        """An object, to be checked in turn."""
        return Fields(self._take(name), self._path(name))

    def everything(self) -> dict[str, Any]:
        """The whole object, unchecked."""
        return dict(self._data)

    def done(self) -> None:
        """Refuse what nobody asked for."""
        for name in self._data:
            if name not in self._taken:
                raise Refused(f"has an unknown field {self._path(name)}")


def is_whole(value: object) -> bool:
    """Whether a JSON value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _readable(text: str, where: str) -> str:
    """The text; refused if it holds what acts on a terminal, line breaks aside."""
    if any(harmless(line) != line for line in text.split("\n")):
        raise Refused(f"{where} holds characters that cannot be read: {shown(text)}")
    return text


def shown(value: object) -> str:
    """A JSON value as an error message shows it, cut to 40 characters."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return "a value far too long"
    return text if len(text) <= 40 else text[:37] + "..."
