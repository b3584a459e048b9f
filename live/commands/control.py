"""`soundglass control`: play a running show from the command line, over OSC."""

from __future__ import annotations

import argparse
import json
import socket
import time
from typing import Any

from engine.system.terminal import say, say_json
from live.control.actions import BY_NAME
from live.control.declared import Control, Kind, Value
from live.control.osc.address import read_address, resolve
from live.control.values import said, value_of
from live.errors import UserError
from live.settings.options import OneLineParser
from live.suggest import did_you_mean

ABOUT = """\
Play a running show: ask for the value of a control, set it, or have it done. The show takes OSC
(start it with --osc HOST:PORT). Every control has the same name for keys, OSC and MIDI; --list
tells them."""
EXAMPLES = """
soundglass control --list
soundglass control light night
soundglass control sensitivity
soundglass control freeze 1 --to 192.168.1.20:9000
soundglass control save-preset evening light season style
soundglass control preset evening
"""
USUAL = "127.0.0.1:9000"
ANSWER_S = 3.0
"""A show that says nothing for so long is not there."""
TAKEN_UP_S = 2.0
"""What has not been taken up by then is still under way: models are being opened, say."""
ASK_EVERY_S = 0.05


def parser() -> OneLineParser:
    """Return the parser of `soundglass control`."""
    made = OneLineParser("control", ABOUT, EXAMPLES)
    made.add_argument("name", metavar="NAME", nargs="?", help="the control; see --list")
    made.add_argument(
        "value", metavar="VALUE", nargs="*",
        help="what it is to be; left out, its value is printed, or it is done (an action)",
    )  # fmt: skip
    made.add_argument(
        "--to", metavar="HOST:PORT", default=USUAL, help=f"where the show is (default {USUAL})"
    )
    made.add_argument("--list", action="store_true", help="print every control, and stop")
    made.add_argument("--json", action="store_true", help="print JSON instead of a table or a line")
    return made


def run(parsed: argparse.Namespace) -> int:
    """Do it; return the exit code."""
    if parsed.list:
        _list(parsed.json)
        return 0
    if parsed.name is None:
        raise UserError("name a control, or see soundglass control --list.")
    control = BY_NAME.get(parsed.name)
    if control is None:
        raise UserError(
            f"there is no control {parsed.name!r}.{did_you_mean(parsed.name, BY_NAME)}"
        )
    wanted = _wanted(control, parsed.value)
    line = Line(*resolve(*read_address(parsed.to, "--to"), "--to"))
    try:
        value = line.play(control, wanted)
    finally:
        line.close()
    if parsed.json:
        say_json(json.dumps({"control": control.name, "value": value}))
    elif control.is_done:
        say(f"{control.name}: asked for")
    else:
        say(f"{control.name}: {said(control, value)}")
    return 0


class Line:
    """A line to a show that takes OSC."""

    def __init__(self, host: str, port: int) -> None:
        self._there = f"{host}:{port}"
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect((host, port))

    def close(self) -> None:
        """Give it up."""
        self._socket.close()

    def play(self, control: Control, wanted: Value | None) -> Value:
        """Ask for a value, None for none; return the one that the control has then.

        Raises:
            UserError: the show refuses it, or there is no answer.
        """
        if wanted is not None:
            self._send(control.name, wanted)
        deadline_s = time.monotonic() + TAKEN_UP_S
        while True:
            value = self._value(control)
            late = time.monotonic() >= deadline_s
            if wanted is None or control.is_done or _same(value, wanted) or late:
                return value
            time.sleep(ASK_EVERY_S)

    def _value(self, control: Control) -> Value:
        from live.control.osc.packets import ERROR, ROOT, messages_of

        self._send(control.name)
        self._socket.settimeout(ANSWER_S)
        try:
            while True:
                for address, values in messages_of(self._socket.recv(1 << 16)):
                    if address == ERROR:
                        raise UserError(f"{values[0]}")
                    if address == f"{ROOT}/{control.name}" and values:
                        return values[0]
        except (TimeoutError, ConnectionError) as error:
            raise UserError(
                f"no show answers at {self._there}: start one with --osc {self._there}."
            ) from error

    def _send(self, name: str, *values: Any) -> None:
        from live.control.osc.packets import ROOT, message

        self._socket.send(message(f"{ROOT}/{name}", *values))


def _wanted(control: Control, given: list[str]) -> Value | None:
    """Return the value that words ask for; None where they ask what it is.

    The words of presets are the show's to know: they go as they are.
    """
    if control.kind is Kind.TEXT:
        return " ".join(given)
    if not given:
        return True if control.kind is Kind.ACTION else None
    if len(given) > 1:
        raise UserError(f"{control.name} takes one value, and was given {len(given)}.")
    text = given[0]
    if control.kind is Kind.WORD:
        return text
    words = {"on": 1, "off": 0, "true": 1, "false": 0} if control.kind is not Kind.NUMBER else {}
    try:
        return value_of(control, words[text] if text in words else float(text))
    except ValueError:
        return value_of(control, text)


def _same(value: Value, wanted: Value) -> bool:
    if isinstance(value, float) or isinstance(wanted, float):
        return abs(float(value) - float(wanted)) < 1e-4 * max(1.0, abs(float(wanted)))
    return value == wanted


def _list(as_json: bool) -> None:
    if as_json:
        for control in BY_NAME.values():
            told = {
                "control": control.name, "help": control.help, "allowed": control.allowed,
                "taken_up": control.change.value,
            }  # fmt: skip
            say_json(json.dumps(told))
        return
    for control in BY_NAME.values():
        say(f"{control.name:<16}{control.help} ({control.allowed})")
