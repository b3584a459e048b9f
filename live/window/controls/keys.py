"""The keys of the window, made from the controls; only leaving is a key's alone."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt

from live.control.actions import CONTROLS
from live.control.declared import Control, Kind

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
    row: str
    """Keys of the same row share a line of help."""
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
    steps = control.kind in (Kind.NUMBER, Kind.WHOLE) or control.name.startswith("step-")
    goes_back = control.kind in (Kind.NUMBER, Kind.WHOLE, Kind.WORD) and not said.back
    shift = (said.back_meaning or "back") if goes_back else ""
    row = said.row or control.name
    first = Key(
        _codes(*said.names), said.written or said.names[0], said.meaning, control.name, row,
        shift=shift, repeats=steps,
    )  # fmt: skip
    if not said.back:
        return [first]
    back = Key(
        _codes(said.back), said.back, said.back_meaning, control.name, row, up=False, repeats=steps
    )
    return [first, back]


def _codes(*names: str) -> tuple[Qt.Key, ...]:
    return tuple(Qt.Key[f"Key_{name}"] for name in names)


KEYS: tuple[Key, ...] = (
    *(key for control in CONTROLS for key in keys_of(control)),
    Key((Qt.Key.Key_Escape,), "Esc", "leave full screen, then close", DISMISS, DISMISS),
)

BY_CODE: dict[int, Key] = {code.value: key for key in KEYS for code in key.codes}


def key_rows() -> list[tuple[str, str]]:
    """Return what each key does, for people: (keys, meaning)."""
    rows: dict[str, list[Key]] = {}
    for key in KEYS:
        rows.setdefault(key.row, []).append(key)
    return [*((_written(row), _meaning(row)) for row in rows.values()), ("Ctrl+Q", "close")]


def _written(row: list[Key]) -> str:
    return ", ".join(key.written for key in row)


def _meaning(row: list[Key]) -> str:
    """Return what the keys of a row do; a first word that all of them have is said once."""
    said = [key.meaning for key in row]
    first = said[0].partition(" ")[0] + " "
    if all(meaning.startswith(first) for meaning in said):
        said = [said[0], *(meaning.removeprefix(first) for meaning in said[1:])]
    shifts = {key.shift for key in row}
    shift = shifts.pop() if len(shifts) == 1 else ""
    return f"{', '.join(said)} (Shift: {shift})" if shift else ", ".join(said)
