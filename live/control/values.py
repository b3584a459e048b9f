"""From what a hand sends to a control's own value and back, or one line of complaint."""

from __future__ import annotations

import math
from typing import Any

from engine.system.outside import cut
from live.control.declared import Control, Kind, Value
from live.errors import UserError
from live.suggest import did_you_mean


def value_of(control: Control, given: Any) -> Value:
    """Return a value given in real units as the control's own.

    A word may be given by its place, counted from 0; a switch and an action by a number, of which 0
    is off.

    Raises:
        UserError: it is of another type, no number, out of range or no word that there is.
    """
    found = _typed(control, given)
    if found is None:
        hint = did_you_mean(given, control.words) if isinstance(given, str) else ""
        shown = cut(repr(given), 80)
        raise UserError(f"{control.name} is {shown}, but must be {control.allowed}.{hint}")
    return found


def value_at(control: Control, share: Any) -> Value:
    """Return the value at a fader's place, from 0 (lowest, first, off) to 1 (highest, last, on).

    Raises:
        UserError: it is no number from 0 to 1.
    """
    if not _is_number(share) or not 0 <= share <= 1:
        raise UserError(f"norm/{control.name} is {cut(repr(share), 80)}, but must be from 0 to 1.")
    match control.kind:
        case Kind.NUMBER:
            # As a person would type it: a fader has some thousand places at most.
            return float(f"{control.low + share * (control.high - control.low):.6g}")
        case Kind.WHOLE:
            return round(control.low + share * (control.high - control.low))
        case Kind.WORD:
            words = control.words
            if not words:
                raise UserError(f"there is no {control.name} yet.")
            return words[round(share * (len(words) - 1))]
        case Kind.SWITCH | Kind.ACTION:
            return bool(share >= 0.5)
        case Kind.TEXT:
            return ""


def share_of(control: Control, value: Value) -> float:
    """Return where a fader would stand for a value, in [0, 1]; 0 for what is no value of it."""
    match control.kind:
        case Kind.NUMBER | Kind.WHOLE:
            span = control.high - control.low
            return min(max((float(value) - control.low) / span, 0.0), 1.0) if span else 0.0
        case Kind.WORD:
            words = control.words
            return words.index(str(value)) / max(len(words) - 1, 1) if value in words else 0.0
        case Kind.SWITCH:
            return 1.0 if value else 0.0
        case Kind.ACTION | Kind.TEXT:
            return 0.0


def step_from(control: Control, value: Value, up: bool) -> Value:
    """Return the value one step up or down; words go round, numbers end at their ends."""
    by = 1 if up else -1
    match control.kind:
        case Kind.NUMBER:
            stride = control.stride or (control.high - control.low) / 20
            return min(max(round(float(value) + by * stride, 6), control.low), control.high)
        case Kind.WHOLE:
            return round(min(max(float(value) + by, control.low), control.high))
        case Kind.WORD:
            words = control.words
            if not words:
                raise UserError(f"there is no {control.name} yet.")
            at = words.index(str(value)) + by if value in words else min(by, 0)
            return words[at % len(words)]
        case Kind.SWITCH:
            return up
        case Kind.ACTION:
            return up
        case Kind.TEXT:
            return ""


def _typed(control: Control, given: Any) -> Value | None:
    match control.kind:
        case Kind.NUMBER:
            inside = _is_number(given) and control.low <= given <= control.high
            return float(given) if inside else None
        case Kind.WHOLE:
            inside = _is_number(given) and control.low <= given <= control.high
            return int(given) if inside and given == int(given) else None
        case Kind.WORD:
            return _word(control.words, given)
        case Kind.SWITCH | Kind.ACTION:
            if isinstance(given, bool):
                return given
            return given != 0 if _is_number(given) and 0 <= given <= 1 else None
        case Kind.TEXT:
            if isinstance(given, str):
                return given
            return "" if _is_number(given) or given is True else None


def _word(words: tuple[str, ...], given: Any) -> str | None:
    if isinstance(given, str):
        return given if given in words else None
    if _is_number(given) and given == int(given) and 0 <= given < len(words):
        return words[int(given)]
    return None


def _is_number(given: Any) -> bool:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    return math.isfinite(given)


def said(control: Control, value: Value) -> str:
    """Return a value as people read it, with its unit."""
    if isinstance(value, bool):
        return "on" if value else "off"
    number = f"{value:g}" if isinstance(value, float) else f"{value}"
    return f"{number} {control.unit}".rstrip()
