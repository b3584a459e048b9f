"""Which screens a show fills: those of --span that are there, else the one that it belongs on."""

from __future__ import annotations

from collections.abc import Sequence

from live.window.wall.screens import Known, find

ALL = "all"


class ChosenScreens:
    """Remembers what words meant, so that numbers do not slide to others when a screen goes."""

    def __init__(self, span: str | None = None) -> None:
        """span: as the setting has it; None for one screen."""
        self._words = [word.strip() for word in span.split("+")] if span else []
        self._keys: dict[str, str] = {}
        self.home = ""
        """Key of the screen that the main window belongs on, there or not."""

    def missing(self, known: Sequence[Known]) -> list[str]:
        """Return the words that mean no screen that is there."""
        return [word for word in self._words if word != ALL and find(word, known) is None]

    def of(self, known: Sequence[Known]) -> list[Known]:
        """Return which of the screens there are to fill, at least one, the main window's first."""
        home = find(self.home, known) or known[0]
        if ALL in self._words:
            return [home, *(each for each in known if each is not home)]
        spanned: list[Known] = []
        for word in self._words:
            found = find(self._keys.get(word, word), known)
            if found is not None and found not in spanned:
                self._keys[word] = found.key
                spanned.append(found)
        return spanned or [home]
