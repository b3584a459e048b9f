"""What an OSC message does: ask the desk for something, or ask it what there is."""

from __future__ import annotations

from typing import Any

from pythonosc.dispatcher import Dispatcher

from live.control.declared import Control, Kind, Value
from live.control.desk import Desk
from live.control.osc.packets import ROOT
from live.control.values import share_of
from live.errors import UserError
from live.suggest import did_you_mean

NORM = f"{ROOT}/norm"
Message = tuple[str, tuple[Any, ...]]


class Playing:
    """Takes messages by their address, a pattern included; for one thread at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known = Dispatcher()
        for name in desk.controls:
            self._known.map(f"{ROOT}/{name}", lambda *_: None, (name, False))
            self._known.map(f"{NORM}/{name}", lambda *_: None, (name, True))

    def play(self, address: str, values: tuple[Any, ...], origin: str) -> list[Message]:
        """Do what a message asks for; return what is to be answered.

        Raises:
            UserError: it names no control, or a value that the control does not take.
        """
        found = [handler.args[0] for handler in self._known.handlers_for_address(address)]
        if not found:
            known = [f"{ROOT}/{name}" for name in self._desk.controls]
            raise UserError(f"there is no {address[:80]}.{did_you_mean(address, known)}")
        answers = []
        for name, norm in found:
            if not values:
                answers.append(self._now(name, norm))
            else:
                self._ask(self._desk.find(name), norm, values, origin)
        return answers

    def _ask(self, control: Control, norm: bool, values: tuple[Any, ...], origin: str) -> None:
        if control.kind is Kind.TEXT and all(isinstance(value, str) for value in values):
            values = (" ".join(values),)
        value, *more = values
        if more:
            raise UserError(f"{control.name} takes one value, and was given {len(values)}.")
        if norm:
            self._desk.ask_at(control.name, value, origin)
        else:
            self._desk.ask(control.name, value, origin)

    def _now(self, name: str, norm: bool) -> Message:
        control, value = self._desk.find(name), self._desk.value(name)
        if norm:
            return f"{NORM}/{name}", (share_of(control, value),)
        return f"{ROOT}/{name}", (value,)


def value_message(control: Control, value: Value, *more: Value) -> Message:
    """Return the message that tells a control's value, and more after it."""
    return f"{ROOT}/{control.name}", (value, *more)
