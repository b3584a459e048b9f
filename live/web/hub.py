"""Where those who are connected meet: looks at the show once for all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from live.control.declared import Kind
from live.control.lane import PERIOD_S
from live.control.watch import Watch
from live.film.stage import Frame
from live.output.events import event
from live.web import telling
from live.web.history import History
from live.web.listener import Listener
from live.web.pictures import Pictures

if TYPE_CHECKING:
    from engine.packets import Stamp
    from live.control.desk import Desk

MOST = 32
"""Who may be connected at a time."""
STATE_S = 0.2
WORDS_S = 2.0
"""How often the words of controls, such as the presets, are looked for."""


class FullError(Exception):
    """There are too many already."""


class Hub:
    """Tells all who are connected what changes; used on the loop alone."""

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self._desk, self._loop = desk, loop
        self.history = History(desk.session)
        self.pictures = Pictures(desk.session.stage, self._show_from_elsewhere)
        self._listeners: set[Listener] = set()
        self._watch = Watch(desk)
        self._words: dict[str, tuple[str, ...]] = {}
        self._lines = 0
        """So many of the show's lines have been told."""
        self._newest: Stamp | None = None
        self._due_s = {"state": 0.0, "words": 0.0}

    @property
    def count(self) -> int:
        """How many are connected."""
        return len(self._listeners)

    def state(self) -> dict[str, Any]:
        """Return how the show is at this moment."""
        return telling.state(self._desk, self.count)

    @contextmanager
    def listening(self, hears: bool = False) -> Iterator[Listener]:
        """Yield a new listener, for as long as somebody is connected.

        Raises:
            FullError: there are too many.
        """
        if len(self._listeners) >= MOST:
            raise FullError
        if not self._listeners:  # what was said while nobody listened is old
            self._lines, _ = self._desk.session.messages.lines_since(self._lines)
        listener = Listener(hears)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            self.see_who_looks()

    def see_who_looks(self) -> None:
        """Have as many pictures composed as the most eager one wants."""
        self.pictures.want(max((each.rate for each in self._listeners), default=0.0))
        self.pictures.await_next(any(each.ready for each in self._listeners))

    async def run(self) -> None:
        """Look at the show until cancelled."""
        while True:
            await asyncio.sleep(PERIOD_S if self._listeners else STATE_S)
            self.history.look()
            if self._listeners:
                self._look()

    def _look(self) -> None:
        for changed in self._watch.look():
            told = telling.valued(changed.control, changed.value) | {"origin": changed.origin}
            name = changed.control.name
            self._tell(f"control {name}", "control", {"name": name, **told})
        if self._is_due("state", STATE_S):
            self._tell("state", "state", self.state())
        if self._is_due("words", WORDS_S):
            self._tell_words()
        self._lines, lines = self._desk.session.messages.lines_since(self._lines)
        for at, line in enumerate(lines):
            self._tell(f"line {self._lines} {at}", "line", {"text": line})
        self._tell_hearing()

    def _tell_words(self) -> None:
        for control in self._desk.controls.values():
            if control.kind is not Kind.WORD or (control.on_window and self._desk.window is None):
                continue
            words = control.words
            if self._words.setdefault(control.name, words) != words:
                self._words[control.name] = words
                told = {"name": control.name, "words": list(words), "allowed": control.allowed}
                self._tell(f"words {control.name}", "words", told)

    def _tell_hearing(self) -> None:
        hearing = self._desk.session.hearing
        if hearing is None or hearing.stamp == self._newest:
            return
        self._newest = hearing.stamp
        if any(each.hears for each in self._listeners):
            dropped = self._desk.session.dropped
            self._tell("hearing", "hearing", event(hearing, dropped=dropped), only_hearing=True)

    def _tell(
        self, key: str, kind: str, what: dict[str, Any], only_hearing: bool = False
    ) -> None:
        for listener in self._listeners:
            if listener.hears or not only_hearing:
                listener.tell(key, {"kind": kind, **what})

    def _is_due(self, what: str, every_s: float) -> bool:
        now_s = time.monotonic()
        if now_s < self._due_s[what]:
            return False
        self._due_s[what] = now_s + every_s
        return True

    def _show_from_elsewhere(self, picture: Frame) -> None:
        self._loop.call_soon_threadsafe(self._show, picture)

    def _show(self, picture: Frame) -> None:
        for listener in self._listeners:
            listener.show(picture)
        self.pictures.await_next(any(each.ready for each in self._listeners))
