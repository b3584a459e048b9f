"""The screens there are now, each by what it says of itself rather than by its socket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtGui import QGuiApplication, QScreen


@dataclass(frozen=True, slots=True)
class Known:
    """A screen that is there."""

    key: str
    """Maker, model and serial number, or its name where it says none of them: what it is
    remembered by."""
    number: int
    """From 1, as the desktop counts."""
    screen: QScreen

    @property
    def title(self) -> str:
        """What people call it."""
        name = self.screen.name()
        return f"{self.number}: " + (self.key if name in self.key else f"{name}, {self.key}")


def present() -> list[Known]:
    """Return the screens there are now, in the desktop's order."""
    screens = QGuiApplication.screens()
    said = [_says(screen) or screen.name() for screen in screens]
    alike = Counter(said)  # two of a kind without serial numbers: the socket tells them apart
    return [
        Known(f"{key} {screen.name()}" if alike[key] > 1 else key, number, screen)
        for number, (key, screen) in enumerate(zip(said, screens, strict=True), 1)
    ]


def find(said: str, known: Sequence[Known]) -> Known | None:
    """Return the screen of a number, a name or a part of what it says of itself; None for none."""
    wanted = said.strip().casefold()
    for each in known:
        if wanted in (f"{each.number}", each.screen.name().casefold(), each.key.casefold()):
            return each
    if not wanted or wanted.isdigit():
        return None
    for each in known:
        if wanted in f"{each.screen.name()} {each.key}".casefold():
            return each
    return None


def _says(screen: QScreen) -> str:
    words = (screen.manufacturer(), screen.model(), screen.serialNumber())
    return " ".join(word.strip() for word in words if word.strip())
