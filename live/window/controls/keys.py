"""The keys of the window, made from the controls; only leaving is a key's alone."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt

from live.control.actions import CONTROLS
from live.control.declared import Control, Kind
from live.settings.spec import Keys

DISMISS = "dismiss"
"""Not a control: what Esc does depends on what is open, and ends with closing the show."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, how it is written, what it does, and the control that it plays."""

    codes: tuple[Qt.Key, ...]
    written: str
    meaning: str
    control: str
    """Name of the control, or DISMISS."""
    up: bool = True
    """Whether it goes on to the next value, or back."""
    shift: str = ""
    """What it does with Shift, which goes back; empty where Shift makes no difference."""
    repeats: bool = False
    """Whether it goes on for as long as it is held."""


def keys_of(control: Control) -> list[Key]:
    """Return the keys of a control: none, one, or one for each way."""
    said = control.keys
    if said is None:
        return []
    number = control.kind in (Kind.NUMBER, Kind.WHOLE) or control.name.startswith("step-")
    goes_back = control.kind in (Kind.NUMBER, Kind.WHOLE, Kind.WORD) and not said.back
    shift = (said.back_meaning or "the one before") if goes_back else ""
    forward = Key(
        _codes(*said.names), said.written or said.names[0], said.meaning, control.name,
        shift=shift, repeats=number,
    )  # fmt: skip
    return [forward, *_back(control, said, number)]


def _back(control: Control, said: Keys, number: bool) -> list[Key]:
    if not said.back:
        return []
    written = said.back_written or said.back
    meaning = said.back_meaning
    return [
        Key(_codes(said.back), written, meaning, control.name, up=False, repeats=number)
    ]


def _codes(*names: str) -> tuple[Qt.Key, ...]:
    return tuple(Qt.Key[f"Key_{name}"] for name in names)


KEYS: tuple[Key, ...] = (
    *(key for control in CONTROLS for key in keys_of(control)),
    Key((Qt.Key.Key_Escape,), "Esc", "leave full screen, then close", DISMISS),
)

BY_CODE: dict[int, Key] = {code.value: key for key in KEYS for code in key.codes}


def key_rows() -> list[tuple[str, str]]:
    """Return what each key does, for people: (key, meaning)."""
    rows = [
        (f"{key.written}, Shift+{key.written}", f"{key.meaning}, {key.shift}")
        if key.shift
        else (key.written, key.meaning)
        for key in KEYS
    ]
    return [*rows, ("Ctrl+Q", "close")]
